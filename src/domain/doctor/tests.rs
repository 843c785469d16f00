use jiff::Timestamp;

use super::*;
use crate::domain::text::safe_text::SafeText;

fn of(fact: Fact) -> Check {
    Check::of(&fact, Words::default())
}

fn because(what: &str) -> Explanation {
    Explanation { what: what.to_owned(), why: "Why.".to_owned(), fix: "Fix.".to_owned() }
}

fn terminal(size: Option<(u16, u16)>, dumb: bool) -> Fact {
    Fact::Terminal(TerminalFacts { name: Some(SafeText::line("xterm")), size, dumb })
}

fn directory(access: Access) -> Directory {
    Directory { path: SafeText::line("/home/me"), access }
}

fn cf(org: &str, space: &str) -> Fact {
    Fact::Cf(Cf::Target(CfTarget {
        api: SafeText::line("https://api.example"),
        org: SafeText::line(org),
        space: SafeText::line(space),
    }))
}

fn session(ssh: bool, inside: &[&'static str]) -> Fact {
    Fact::Session { ssh, inside: inside.to_vec() }
}

fn loaded(count: usize, place: Option<&str>) -> Fact {
    Fact::Certificates(Certificates::Loaded(count, place.map(SafeText::line)))
}

/// Every kind of fact with how good it is.
fn table() -> Vec<(Fact, Level)> {
    let program = |without: Vec<Feature>| Fact::Program("1.0.0", "linux x86_64".to_owned(), without);
    let clock = |second| Fact::Clock(Timestamp::from_second(second).unwrap());
    vec![
        (program(Vec::new()), Level::Ok),
        (program(vec![Feature::Clipboard, Feature::Keyring]), Level::Note),
        (terminal(Some((80, 24)), false), Level::Ok),
        (terminal(Some((59, 24)), false), Level::Note),
        (terminal(Some((39, 24)), false), Level::Warning),
        (terminal(Some((80, 24)), true), Level::Warning),
        (terminal(None, false), Level::Note),
        (Fact::Colours(Colours::Many, true), Level::Ok),
        (Fact::Colours(Colours::Sixteen, false), Level::Ok),
        (Fact::Colours(Colours::None, true), Level::Note),
        (session(false, &[]), Level::Ok),
        (session(false, &["tmux"]), Level::Note),
        (session(true, &["screen"]), Level::Note),
        (Fact::TextClipboard(Way::Native, None), Level::Ok),
        (Fact::TextClipboard(Way::Tmux, Some(because("No display."))), Level::Note),
        (Fact::TextClipboard(Way::Terminal, Some(because("No display."))), Level::Note),
        (Fact::SecretClipboard(Ok(45)), Level::Ok),
        (Fact::SecretClipboard(Err(because("No display."))), Level::Warning),
        (Fact::Keyring(Ok(())), Level::Ok),
        (Fact::Keyring(Err(because("No bus."))), Level::Warning),
        (Fact::Proxy(None), Level::Ok),
        (Fact::Proxy(Some(SafeText::line("http://proxy:8080"))), Level::Note),
        (Fact::ProxyScript(SafeText::line("http://wpad/proxy.pac")), Level::Warning),
        (Fact::Certificates(Certificates::OfSystem), Level::Ok),
        (loaded(140, None), Level::Ok),
        (loaded(1, Some("/etc/own.pem")), Level::Note),
        (loaded(0, None), Level::Problem),
        (loaded(0, Some("/etc/own.pem")), Level::Problem),
        (clock(1_800_000_000), Level::Ok),
        (clock(0), Level::Problem),
        (clock(5_000_000_000), Level::Problem),
        (Fact::DataDirectory(None), Level::Warning),
        (Fact::DataDirectory(Some(directory(Access::Writable))), Level::Ok),
        (Fact::DataDirectory(Some(directory(Access::CanBeMade))), Level::Ok),
        (Fact::DataDirectory(Some(directory(Access::ReadOnly))), Level::Warning),
        (Fact::StateDirectory(None), Level::Warning),
        (Fact::StateDirectory(Some(directory(Access::CanBeMade))), Level::Ok),
        (Fact::StateDirectory(Some(directory(Access::ReadOnly))), Level::Warning),
        (Fact::WorkingDirectory(directory(Access::ReadOnly)), Level::Warning),
        (Fact::WorkingDirectory(directory(Access::WritableForOthers)), Level::Note),
        (Fact::Cf(Cf::Missing), Level::Note),
        (Fact::Cf(Cf::NeverUsed), Level::Note),
        (cf("", ""), Level::Note),
        (cf("org", "dev"), Level::Ok),
        (Fact::Silent(CheckId::Keyring), Level::Warning),
    ]
}

#[test]
fn each_fact_is_as_good_as_it_should_be() {
    for (fact, level) in table() {
        let check = of(fact.clone());
        assert_eq!(check.state, level, "{fact:?}");
        assert!(!check.found.is_empty(), "{fact:?}");
        assert!(!format!("{check:?}").contains('{'.to_string().repeat(2).as_str()), "{check:?}");
    }
}

#[test]
fn what_is_not_good_says_what_that_means() {
    for (fact, level) in table() {
        let check = of(fact);
        assert!(level == Level::Ok || !check.means.is_empty(), "{check:?}");
        assert!(level < Level::Warning || !check.fix.is_empty(), "{check:?}");
    }
}

#[test]
fn a_proxy_script_that_is_not_run_is_named() {
    let check = of(Fact::ProxyScript(SafeText::line("http://wpad/proxy.pac")));
    assert!(check.found.contains("http://wpad/proxy.pac") && check.fix.contains("HTTPS_PROXY"), "{check:?}");
}

#[test]
fn every_check_has_a_fact_and_a_title_of_its_own() {
    let words = Words::default();
    for id in CheckId::ALL {
        assert!(table().iter().any(|(fact, _)| fact.id() == id), "{id:?}");
        assert_eq!(CheckId::ALL.iter().filter(|other| other.title(words) == id.title(words)).count(), 1);
    }
}

#[test]
fn the_summary_names_what_is_worth_a_look() {
    let words = Words::default();
    let checks: Vec<Check> = [Fact::Proxy(None), Fact::DataDirectory(None), loaded(0, None)].map(of).into();
    assert_eq!(worst(&checks), Level::Problem);
    assert!(summary(&checks, words).contains(words.doctor().certificates()));
    assert!(!summary(&checks, words).contains(words.doctor().proxy()));
    assert_eq!(summary(&checks[..1], words), words.doctor().all_well());
    assert_eq!(worst(&[]), Level::Ok);
}

#[test]
fn the_names_of_checks_and_states_are_those_of_the_contract() {
    let names = serde_json::to_string(&CheckId::ALL).unwrap();
    let expected = "program terminal colours session text-clipboard secret-clipboard keyring proxy certificates clock \
                    data-directory state-directory working-directory cf";
    let expected: Vec<String> = expected.split_whitespace().map(|name| format!("\"{name}\"")).collect();
    assert_eq!(names, format!("[{}]", expected.join(",")));
    let states = [Level::Ok, Level::Note, Level::Warning, Level::Problem];
    assert_eq!(serde_json::to_string(&states).unwrap(), r#"["ok","note","warning","problem"]"#);
}
