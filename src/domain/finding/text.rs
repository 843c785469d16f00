//! The texts of findings.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer};

use super::{Fact, Finding, FindingCode, Severity, Stage};
use crate::{
    domain::{
        platform::Platform,
        text::{
            safe_text::SafeText,
            shown::Shown as _,
            template::{self, Marks},
        },
    },
    words::Words,
};

/// The maximum length of the joined subjects or evidence of several findings.
const JOINED_LIMIT: usize = 4000;

/// The texts of one code, from `assets/words/en/findings.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingText {
    /// The code.
    pub code: FindingCode,
    /// What happened, in one sentence.
    pub title: Sentence,
    /// Why it usually happens.
    pub cause: Sentence,
    /// What to do, if anything.
    #[serde(default)]
    pub fix: Option<Sentence>,
    /// Id of a link for further reading.
    #[serde(default)]
    pub link: Option<String>,
    /// Different texts on Windows.
    #[serde(default)]
    pub windows: Option<Elsewhere>,
    /// Different texts on macOS.
    #[serde(default)]
    pub macos: Option<Elsewhere>,
}

/// The texts of a finding on a system with different causes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Why it usually happens.
    pub cause: Sentence,
    /// What to do.
    pub fix: Sentence,
}

impl FindingText {
    /// Cause and fix on a system.
    pub fn on(&self, platform: Platform) -> (&Sentence, Option<&Sentence>) {
        match platform.choose(None, self.macos.as_ref(), self.windows.as_ref()) {
            Some(elsewhere) => (&elsewhere.cause, Some(&elsewhere.fix)),
            None => (&self.cause, self.fix.as_ref()),
        }
    }

    fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        let (cause, fix) = self.on(Platform::HERE);
        [Some(&self.title), Some(cause), fix].into_iter().flatten()
    }

    /// Whether the texts can name several subjects at once.
    fn names_several(&self) -> bool {
        matches!(self.title, Sentence::Forms { .. })
    }
}

/// A text with `{subject}` and `{evidence}` in it; `{subject|the host}` says "the host" if the finding names none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Sentence {
    /// The same for any number of subjects.
    Same(String),
    /// One form for one subject, another for several.
    Forms {
        /// For one subject, or none.
        one: String,
        /// For several.
        other: String,
    },
}

impl Sentence {
    fn form(&self, subjects: usize) -> &str {
        match self {
            Sentence::Same(text) => text,
            Sentence::Forms { one, .. } if subjects <= 1 => one,
            Sentence::Forms { other, .. } => other,
        }
    }

    fn mentions(&self, fact: &str) -> bool {
        let mentions = |text: &str| text.contains(&format!("{{{fact}"));
        match self {
            Sentence::Same(text) => mentions(text),
            Sentence::Forms { one, other } => mentions(one) || mentions(other),
        }
    }
}

/// A finding with its texts, as shown by the wizard, the commands and `--json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The finding.
    pub code: FindingCode,
    /// Its severity.
    pub severity: Severity,
    /// API, org, space and login.
    pub stage: Stage,
    /// The step.
    #[serde(rename = "subject", serialize_with = "first")]
    pub subjects: Vec<SafeText>,
    /// What happened.
    pub title: String,
    /// Why it usually happens.
    pub cause: String,
    /// What to do; empty in JSON if there is nothing to do.
    #[serde(serialize_with = "text_or_empty")]
    pub fix: Option<String>,
    /// The result.
    pub evidence: Option<SafeText>,
}

impl Explained {
    /// The evidence, unless the texts already contain it.
    pub fn unsaid_evidence(&self) -> Option<&SafeText> {
        let sentences = [Some(&self.title), Some(&self.cause), self.fix.as_ref()];
        let says = |evidence: &SafeText| sentences.into_iter().flatten().any(|text| text.contains(evidence.as_str()));
        self.evidence.as_ref().filter(|evidence| !says(evidence))
    }
}

fn first<S: Serializer>(subjects: &[SafeText], serializer: S) -> Result<S::Ok, S::Error> {
    subjects.first().serialize(serializer)
}

fn text_or_empty<S: Serializer>(text: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text.as_deref().unwrap_or_default())
}

/// The texts of all codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct FindingTexts(pub Vec<FindingText>);

impl FindingTexts {
    /// The text of one code. `tests/content` proves that every code has one.
    pub fn get(&self, code: FindingCode) -> Option<&FindingText> {
        self.0.iter().find(|text| text.code == code)
    }

    /// The finding with its texts.
    pub fn explain(&self, finding: &Finding, words: Words) -> Explained {
        self.explain_on(Platform::HERE, finding, words)
    }

    /// The same for another system.
    pub fn explain_on(&self, platform: Platform, finding: &Finding, words: Words) -> Explained {
        let shown = |fact: &Fact| SafeText::capped(&fact.shown(words), JOINED_LIMIT);
        let subjects: Vec<SafeText> = finding.subjects.iter().map(shown).collect();
        let evidence = finding.evidence.as_ref().map(shown);
        let brief = finding.evidence.as_ref().map(|evidence| shown(evidence.brief()));
        let joined = joined(&subjects);
        let say = |sentence: &Sentence| fill(sentence.form(subjects.len()), joined.as_ref(), brief.as_ref());
        let text = self.get(finding.code);
        let advice = text.map(|text| text.on(platform));
        Explained {
            code: finding.code,
            severity: finding.severity(),
            stage: finding.stage,
            title: text.map_or_else(|| finding.code.as_str().to_owned(), |text| say(&text.title)),
            cause: advice.map(|(cause, _)| say(cause)).unwrap_or_default(),
            fix: advice.and_then(|(_, fix)| fix).map(say),
            subjects,
            evidence,
        }
    }

    /// The findings with their texts, for display: equal findings about several subjects are merged.
    pub fn explain_together(&self, findings: &[Finding], words: Words) -> Vec<Explained> {
        self.together(findings).iter().map(|finding| self.explain(finding, words)).collect()
    }

    /// The findings, with equal ones about several subjects merged.
    fn together(&self, findings: &[Finding]) -> Vec<Finding> {
        let mut out: Vec<Finding> = Vec::new();
        for finding in findings {
            match out.iter_mut().find(|other| self.says_the_same(other, finding)) {
                Some(twin) => {
                    let new = finding.subjects.iter().filter(|subject| !twin.subjects.contains(subject));
                    let new: Vec<Fact> = new.cloned().collect();
                    if new.is_empty() {
                        continue;
                    }
                    twin.subjects.extend(new);
                    if twin.evidence != finding.evidence {
                        let all = [&twin.evidence, &finding.evidence].into_iter().flatten().cloned().collect();
                        twin.evidence = Fact::several(all);
                    }
                }
                None => out.push(finding.clone()),
            }
        }
        out
    }

    fn says_the_same(&self, one: &Finding, other: &Finding) -> bool {
        let named = !one.subjects.is_empty() && !other.subjects.is_empty();
        (one.code, one.stage) == (other.code, other.stage)
            && named
            && self.get(one.code).is_some_and(|text| {
                let mentions = |fact| text.sentences().any(|sentence| sentence.mentions(fact));
                let fits_several = text.names_several() || !mentions("subject");
                fits_several && (!mentions("evidence") || one.evidence == other.evidence)
            })
    }
}

fn joined(texts: &[SafeText]) -> Option<SafeText> {
    let texts: Vec<&str> = texts.iter().map(SafeText::as_str).filter(|text| !text.is_empty()).collect();
    // A list of lists.
    let between = if texts.iter().any(|text| text.contains(", ")) { "; " } else { ", " };
    (!texts.is_empty()).then(|| SafeText::capped(&texts.join(between), JOINED_LIMIT))
}

/// Puts a finding's facts into a text. `{subject|the host}` says "the host" if there is no subject.
fn fill(text: &str, subject: Option<&SafeText>, evidence: Option<&SafeText>) -> String {
    template::fill(text, Marks::Braces, |name| {
        let fact = match name {
            "subject" => subject,
            "evidence" => evidence,
            _ => return None,
        };
        Some(Cow::Borrowed(fact.map(SafeText::as_str).unwrap_or_default()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_filled_in_once_and_never_read_as_placeholders() {
        let (subject, evidence) = ("{evidence}".into(), "line 3".into());
        let filled = fill("{subject} at {evidence|the end}, from { to }", Some(&subject), Some(&evidence));
        assert_eq!(filled, "{evidence} at line 3, from { to }");
    }

    #[test]
    fn a_text_reads_well_without_facts() {
        assert_eq!(fill("{subject|The host} refuses, {evidence}{", None, None), "The host refuses, {");
    }

    #[test]
    fn lists_in_a_list_can_be_told_apart() {
        let texts = |texts: &[&str]| joined(&texts.iter().map(|text| SafeText::line(text)).collect::<Vec<_>>());
        assert_eq!(texts(&["a", "", "b"]), Some("a, b".into()));
        assert_eq!(texts(&["it lacks a, b", "it lacks c"]), Some("it lacks a, b; it lacks c".into()));
        assert_eq!(texts(&[""]), None);
    }

    fn texts() -> FindingTexts {
        let forms = |one: &str, other: &str| Sentence::Forms { one: one.to_owned(), other: other.to_owned() };
        let text = |code, title| FindingText {
            code,
            title,
            cause: Sentence::Same(String::new()),
            fix: None,
            link: None,
            windows: None,
            macos: None,
        };
        FindingTexts(vec![
            text(FindingCode::RoleMissing, forms("{subject} is missing", "{subject} are missing")),
            text(FindingCode::RoleUncertain, forms("{subject}: {evidence}", "{subject}: {evidence}")),
            text(FindingCode::HostUnknown, Sentence::Same("{subject}".to_owned())),
            text(FindingCode::HttpLoopback, Sentence::Same("plain http".to_owned())),
        ])
    }

    fn titles(findings: &[Finding]) -> Vec<String> {
        texts().explain_together(findings, Words::default()).into_iter().map(|explained| explained.title).collect()
    }

    #[test]
    fn findings_that_say_the_same_are_one_about_all_subjects() {
        let missing =
            |role: &str, seen: &str| Finding::new(FindingCode::RoleMissing, Stage::Api).about(role).seen(seen);
        let findings = [missing("A", "403"), missing("B", "401"), missing("A", "403")];
        assert_eq!(titles(&findings), ["A, B are missing"]);
        let together = texts().explain_together(&findings, Words::default());
        assert_eq!(together[0].evidence.as_ref().map(SafeText::as_str), Some("403, 401"));
        assert_eq!(titles(&findings[..1]), ["A is missing"]);
    }

    #[test]
    fn words_that_name_no_subject_are_said_once() {
        let found = |subject: &str| Finding::new(FindingCode::HttpLoopback, Stage::Key).about(subject);
        assert_eq!(titles(&[found("url"), found("tokenurl")]), ["plain http"]);
    }

    #[test]
    fn findings_with_other_words_or_no_plural_stay_apart() {
        let found = |code, subject: &str, seen: &str| Finding::new(code, Stage::Api).about(subject).seen(seen);
        let uncertain = FindingCode::RoleUncertain;
        assert_eq!(titles(&[found(uncertain, "A", "yes"), found(uncertain, "B", "no")]), ["A: yes", "B: no"]);
        assert_eq!(titles(&[found(uncertain, "A", "no"), found(uncertain, "B", "no")]), ["A, B: no"]);
        let host = FindingCode::HostUnknown;
        assert_eq!(titles(&[found(host, "a", "x"), found(host, "b", "x")]), ["a", "b"]);
    }
}
