use super::*;
use crate::domain::sap::{
    key_parameters::{KeyParameters, KeyType},
    parameters::InstanceParameters,
    plan::PlanId,
};

fn choices() -> Choices {
    let parameters = InstanceParameters::new(PlanId::Api).with_roles(["MonitoringDataRead", "WorkspacePackagesRead"]);
    Choices::new(parameters, "cpi-api", "cpi-key")
}

fn somewhere() -> Choices {
    Choices {
        endpoints: vec!["https://api.cf.eu10-003.hana.ondemand.com".to_owned()],
        org: "R&D's $HOME \"x\"".to_owned(),
        space: "dev".to_owned(),
        ..choices()
    }
}

fn all(choices: &Choices) -> Vec<(Tool, Shell, Task, String)> {
    let mut texts = Vec::new();
    for tool in Tool::ALL {
        for shell in Shell::ALL {
            texts.extend(
                Task::ALL.map(|task| (tool, shell, task, render(choices, tool, shell, task, Words::default()))),
            );
        }
    }
    texts
}

#[test]
fn no_placeholder_is_left_anywhere() {
    for (tool, shell, task, text) in all(&somewhere()) {
        let words = text.split('@').filter(|part| part.len() > 2);
        let left: Vec<&str> =
            words.skip(1).filter(|part| part.chars().all(|c| c.is_ascii_lowercase() || c == '_')).collect();
        assert!(left.is_empty(), "{tool:?} {shell:?} {task:?}: {left:?}");
        assert!(text.ends_with('\n') && !text.contains("\n\n\n"), "{tool:?} {shell:?} {task:?}");
    }
}

#[test]
fn every_text_names_what_it_is_about() {
    for (tool, shell, task, text) in all(&somewhere()) {
        assert!(text.contains("cpi-api"), "{tool:?} {shell:?} {task:?}");
        if task == Task::Create {
            assert!(text.contains("MonitoringDataRead") && text.contains("cpi-key"), "{tool:?} {shell:?}");
        }
        if task == Task::Rotate {
            assert!(text.contains("cpi-key-2"), "{tool:?} {shell:?}");
        }
        if task == Task::Delete {
            assert!(text.to_lowercase().contains("cannot be undone"), "{tool:?} {shell:?}");
        }
    }
}

#[test]
fn commands_that_sap_does_not_document_begin_with_a_warning() {
    for (tool, _, task, text) in all(&choices()) {
        let marked = text.lines().take(5).any(|line| line.contains("Only if your account offers it"));
        assert_eq!(
            marked,
            matches!(tool, Tool::TerraformBtp | Tool::Btp) && !(tool == Tool::TerraformBtp && task == Task::Delete),
            "{tool:?}"
        );
    }
}

#[test]
fn org_and_space_are_literals_of_the_shell() {
    let target = |shell| {
        let script = render(&somewhere(), Tool::Cf, shell, Task::Create, Words::default());
        script.lines().find(|line| line.contains("cf target")).map(|line| line.trim().to_owned()).unwrap_or_default()
    };
    let start = |line: String| line.split_once("dev").map(|(start, _)| start.to_owned()).unwrap_or_default();
    assert_eq!(start(target(Shell::Sh)), r#"cf target -o 'R&D'\''s $HOME "x"' -s '"#);
    assert_eq!(
        start(target(Shell::PowerShell)),
        r#"& cf target -o (Get-Argument 'R&D''s $HOME "x"') -s (Get-Argument '"#
    );
    assert_eq!(start(target(Shell::Cmd)), r#"cf target -o ^"R^&D's $HOME \^"x\^"^" -s "#);
}

#[test]
fn without_org_and_space_the_current_target_of_cf_is_used() {
    for shell in Shell::ALL {
        let script = render(&choices(), Tool::Cf, shell, Task::Create, Words::default());
        let line = script.lines().find(|line| line.contains("cf target")).unwrap_or_default().to_owned();
        assert!(!line.contains("-o") && !line.contains("-s "), "{line}");
    }
}

#[test]
fn a_batch_file_has_the_line_ends_that_its_labels_need() {
    for task in Task::ALL {
        let script = render(&choices(), Tool::Cf, Shell::Cmd, task, Words::default());
        assert_eq!(script.matches('\n').count(), script.matches("\r\n").count());
        // Every jump target exists.
        for line in script.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            for pair in words.windows(2) {
                let label = match pair {
                    ["goto", label] => label,
                    ["call", label] if label.starts_with(':') => &label[1..],
                    _ => continue,
                };
                let found = script.lines().any(|line| line.strip_prefix(':') == Some(label));
                assert!(found, "{task:?}: {label} in {line}");
            }
        }
    }
}

#[test]
fn powershell_counts_lines_even_if_cf_prints_only_one() {
    for task in Task::ALL {
        let script = render(&choices(), Tool::Cf, Shell::PowerShell, task, Words::default());
        // -match filters a list, but turns a single line into true or false, and both of these count as one.
        for (at, _) in script.match_indices(" -match ") {
            let line = script[..at].rsplit('\n').next().unwrap_or_default();
            let counted = script[at..].lines().next().unwrap_or_default().contains(".Count");
            assert!(!counted || line.contains("@(@(") || line.ends_with("@($lines"), "{line}");
        }
    }
}

#[test]
fn every_tool_creates_a_key_with_a_certificate() {
    let key_parameters = KeyParameters { validity: 90, ..KeyParameters::new(KeyType::Certificate) };
    for (tool, shell, task, text) in all(&Choices { key_parameters, ..choices() }) {
        let creates_key = matches!(task, Task::Create | Task::Rotate);
        if creates_key {
            assert!(text.contains("\"key-type\"") && text.contains("90"), "{tool:?} {shell:?} {task:?}");
        }
    }
}

#[test]
fn a_key_of_the_other_plan_is_inspected_and_not_tested() {
    let flow = Choices { parameters: InstanceParameters::new(PlanId::IntegrationFlow), ..choices() };
    for (tool, shell, task, text) in all(&flow) {
        assert!(!text.contains("cpikey test"), "{tool:?} {shell:?} {task:?}");
    }
}

#[test]
fn all_landscapes_of_a_region_are_named() {
    let endpoints: Vec<String> =
        ["eu10", "eu10-003"].map(|landscape| format!("https://api.cf.{landscape}.hana.ondemand.com")).into();
    let choices = Choices { endpoints: endpoints.clone(), ..choices() };
    for (tool, shell) in [(Tool::Cf, Shell::Sh), (Tool::Cf, Shell::PowerShell), (Tool::Cf, Shell::Cmd)]
        .into_iter()
        .chain([(Tool::Terraform, Shell::Sh)])
    {
        let text = render(&choices, tool, shell, Task::Create, Words::default());
        assert!(endpoints.iter().all(|endpoint| text.contains(endpoint.as_str())), "{tool:?} {shell:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_name_breaks_out_of_a_comment(name in ".*|[a\n\r\u{2028}#]{0,8}") {
        let choices = Choices { instance: name.clone(), key: name, ..choices() };
        let script = render(&choices, Tool::Cf, Shell::Sh, Task::Create, Words::default());
        proptest::prop_assert!(script.lines().nth(1).is_some_and(|line| line.starts_with("# Creates ")));
        proptest::prop_assert!(script.lines().nth(2).is_some_and(|line| line.starts_with("# Save it")));
    }
}
