//! The values of the templates, as literals of their language.

use serde_json::Value;

use super::{Shell, Task, Tool};
use crate::{
    domain::{
        handover::{
            choices::Choices,
            quote::{cmd, hcl, json, powershell, sh},
        },
        sap::{
            parameters::Extent,
            plan::{PlanId, SERVICE},
        },
        text::safe_text::SafeText,
    },
    words::Words,
};

/// Names and literals.
pub(super) fn of(choices: &Choices, tool: Tool, shell: Shell, task: Task, words: Words) -> Vec<(&'static str, String)> {
    let mut values = vec![
        ("title", title(choices, task, words)),
        // A key of the other plan cannot use the API, so it cannot be tested.
        ("examine", if choices.plan() == PlanId::Api { "test" } else { "inspect" }.to_owned()),
    ];
    values.extend(match tool {
        Tool::Cf => cf(choices, shell),
        Tool::Btp => btp(choices, shell),
        Tool::Terraform | Tool::TerraformBtp if task == Task::Delete => {
            vec![("instance", sh::word(&choices.instance))]
        }
        Tool::Terraform | Tool::TerraformBtp => terraform(choices, task, words),
    });
    values
}

/// A comment line. `SafeText`, so that no name can end it.
fn title(choices: &Choices, task: Task, words: Words) -> String {
    let (instance, key) = (SafeText::line(&choices.instance), SafeText::line(&choices.key));
    let (plan, words) = (choices.plan().as_str(), words.commands());
    match task {
        Task::Create => words.creates(instance, SERVICE, plan, key),
        Task::Update => words.updates(instance, SERVICE, plan),
        Task::Rotate => words.rotates(key, instance, SafeText::line(&choices.next_key())),
        Task::Delete => words.deletes(instance, SERVICE, plan),
    }
}

fn parameters(choices: &Choices) -> Value {
    choices.parameters.to_value(Extent::Full)
}

fn cf(choices: &Choices, shell: Shell) -> Vec<(&'static str, String)> {
    let literal = |text: &str| match shell {
        Shell::Sh => sh::word(text),
        Shell::PowerShell => powershell::expression(text),
        Shell::Cmd => cmd::value(text),
    };
    let argument = |text: &str| match shell {
        Shell::Sh => sh::word(text),
        Shell::PowerShell => format!("(Get-Argument {})", powershell::expression(text)),
        Shell::Cmd => cmd::argument(text),
    };
    let target: String = [("-o", &choices.org), ("-s", &choices.space)]
        .into_iter()
        .filter(|(_, name)| !name.is_empty())
        .map(|(option, name)| format!(" {option} {}", argument(name)))
        .collect();
    let endpoints = match shell {
        Shell::Sh | Shell::Cmd => literal(&choices.endpoints.join(" ")),
        Shell::PowerShell => choices.endpoints.iter().map(|endpoint| literal(endpoint)).collect::<Vec<_>>().join(", "),
    };
    vec![
        ("service", literal(SERVICE)),
        ("plan", literal(choices.plan().as_str())),
        ("instance", literal(&choices.instance)),
        ("key", literal(&choices.key)),
        ("next_key", literal(&choices.next_key())),
        ("endpoints", endpoints),
        ("target", target),
        ("parameters", block(&parameters(choices), shell)),
        ("key_parameters", block(&choices.key_parameters.to_value(), shell)),
    ]
}

/// JSON embedded in the code that writes it to a file.
fn block(value: &Value, shell: Shell) -> String {
    let text = json::ascii(value);
    match shell {
        Shell::Sh | Shell::PowerShell => text,
        Shell::Cmd => text.lines().map(|line| format!("echo {line}")).collect::<Vec<_>>().join("\n"),
    }
}

fn btp(choices: &Choices, shell: Shell) -> Vec<(&'static str, String)> {
    let argument = |text: &str| match shell {
        Shell::Sh => sh::word(text),
        Shell::PowerShell => powershell::expression(text),
        Shell::Cmd => cmd::argument(text),
    };
    let file = |name: &str, value: &Value| {
        let text = block(value, shell);
        match shell {
            Shell::Sh => format!("cat >{name} <<'JSON'\n{text}\nJSON"),
            Shell::PowerShell => format!("@'\n{text}\n'@ | Set-Content -Encoding ascii {name}"),
            Shell::Cmd => format!("(\n{text}\n) >{name}"),
        }
    };
    vec![
        ("rem", if shell == Shell::Cmd { "rem" } else { "#" }.to_owned()),
        ("service", SERVICE.to_owned()),
        ("plan", choices.plan().as_str().to_owned()),
        ("instance", argument(&choices.instance)),
        ("key", argument(&choices.key)),
        ("next_key", argument(&choices.next_key())),
        ("parameters", file("instance-parameters.json", &parameters(choices))),
        ("key_parameters", file("key-parameters.json", &choices.key_parameters.to_value())),
    ]
}

fn terraform(choices: &Choices, task: Task, words: Words) -> Vec<(&'static str, String)> {
    let labels = words.commands();
    let default = |text: &str| match text {
        "" => String::new(),
        text => format!("\n  default     = {}", hcl::string(text)),
    };
    let (api_description, api_default) = match choices.endpoints.as_slice() {
        [] => (labels.api_endpoint_unknown().to_owned(), String::new()),
        [one] => (labels.api_endpoint().to_owned(), default(one)),
        several => (labels.api_endpoint_one_of(several.join(", ")), String::new()),
    };
    let key_parameters = choices.key_parameters.to_value();
    let no_key_parameters = key_parameters.as_object().is_none_or(serde_json::Map::is_empty);
    vec![
        ("task", terraform_task(task, words)),
        ("service", SERVICE.to_owned()),
        ("service_name", hcl::string(SERVICE)),
        ("plan", choices.plan().as_str().to_owned()),
        ("plan_name", hcl::string(choices.plan().as_str())),
        ("instance", hcl::string(&choices.instance)),
        ("key", hcl::string(&choices.key)),
        ("key_label", label(&choices.key)),
        ("next_key", hcl::string(&choices.next_key())),
        ("next_key_label", label(&choices.next_key())),
        ("api_description", hcl::string(&api_description)),
        ("api_default", api_default),
        ("org_default", default(&choices.org)),
        ("space_default", default(&choices.space)),
        ("parameters", hcl::expression(&parameters(choices), 2)),
        (
            "key_parameters",
            match no_key_parameters {
                true => String::new(),
                false => format!("\n\n  parameters = jsonencode({})", hcl::expression(&key_parameters, 2)),
            },
        ),
    ]
}

/// An identifier derived from the name of a key: the same wherever the key appears, so that Terraform recognises it
/// once it is the current one.
fn label(key: &str) -> String {
    let identifier = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
    format!("key_{}", key.chars().map(identifier).collect::<String>())
}

/// How to use the configuration, as comment lines, of which the first already has its prefix.
fn terraform_task(task: Task, words: Words) -> String {
    let words = words.commands();
    let text = match task {
        Task::Create => words.terraform_create(),
        Task::Update => words.terraform_update(),
        Task::Rotate => words.terraform_rotate(),
        Task::Delete => "",
    };
    text.lines().collect::<Vec<_>>().join("\n# ")
}
