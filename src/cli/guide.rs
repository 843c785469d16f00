//! `guide`: the pages of the guide as Markdown.

use super::{
    args::GuideArgs,
    content,
    output::Output,
    status::{Outcome, Status},
};
use crate::domain::problem::Problem;
use crate::domain::{
    content::Content,
    sap::{
        guide::{Instruction, Page, Step, StepId, Variable},
        key_parameters::{KeyParameters, KeyType},
        name::check_name,
        parameters::{Extent, InstanceParameters, JsonStyle},
        plan::{SERVICE, SERVICE_TITLE},
        purpose::{CUSTOM, Purpose},
    },
    text::{markup, safe_text::SafeText},
};

/// The wizard's steps that are a page of the guide.
const PAGE_OF_STEP: [(StepId, &str); 2] = [(StepId::Create, "create-instance"), (StepId::Key, "create-key")];

pub fn run(args: GuideArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some(values) = Values::new(&args, &content)? else { return Ok(Status::Failed) };
    match args.step.as_deref() {
        None => {
            output.line(format!("# {SERVICE_TITLE}: {}", values.purpose.title))?;
            for page in content.pages.iter() {
                output.line("")?;
                write_page(page, 2, &values, output)?;
            }
        }
        Some(name) => match find(name, &content) {
            Some(Topic::Page(page)) => write_page(page, 1, &values, output)?,
            Some(Topic::Step(step)) => write_step(step, &values, output)?,
            None => return Err(unknown(name, &content)),
        },
    }
    Ok(Status::Done)
}

/// What a name stands for.
enum Topic<'a> {
    Page(&'a Page),
    Step(&'a Step),
}

fn find<'a>(name: &str, content: &'a Content) -> Option<Topic<'a>> {
    let step = content.steps.iter().find(|step| step_name(step.id) == name);
    let page_of_step = step.and_then(|step| PAGE_OF_STEP.iter().find(|(id, _)| *id == step.id));
    let page = page_of_step.map_or(name, |(_, page)| page);
    content.page(page).map(Topic::Page).or_else(|| step.map(Topic::Step))
}

fn unknown(name: &str, content: &Content) -> Problem {
    let pages: Vec<&str> = content.pages.iter().map(|page| page.id.as_str()).collect();
    let steps: Vec<&str> = StepId::ALL.into_iter().map(step_name).collect();
    Problem::unusable(
        format!("The guide has no page \"{}\".", SafeText::capped(name, 40)),
        format!("Its pages are {}; the steps of the wizard are {}.", pages.join(", "), steps.join(", ")),
        "Name one of them, or none for all pages.",
    )
}

/// The name of a step as it stands in `assets/facts/steps.toml`.
fn step_name(id: StepId) -> &'static str {
    match id {
        StepId::Purpose => "purpose",
        StepId::Plan => "plan",
        StepId::Instance => "instance",
        StepId::Roles => "roles",
        StepId::Create => "create",
        StepId::Key => "key",
        StepId::QuickFill => "quick-fill",
        StepId::Test => "test",
        StepId::HandOver => "hand-over",
    }
}

/// What is filled into the pages.
struct Values<'a> {
    content: &'a Content,
    purpose: &'a Purpose,
    parameters: InstanceParameters,
    instance: String,
    key: String,
}

impl<'a> Values<'a> {
    fn new(args: &GuideArgs, content: &'a Content) -> Result<Option<Self>, Problem> {
        let Some(purpose) = content.purpose(&args.purpose) else { return Ok(None) };
        let mut parameters = InstanceParameters::new(purpose.plan);
        if purpose.id != CUSTOM {
            parameters = parameters.with_roles(purpose.role_names());
        }
        Ok(Some(Self {
            content,
            purpose,
            parameters,
            instance: chosen_name("instance", args.names.instance.as_deref(), &purpose.instance_name)?,
            key: chosen_name("key", args.names.key.as_deref(), &purpose.key_name)?,
        }))
    }

    /// Values that only a key or a person knows stay words.
    fn value(&self, variable: Variable) -> String {
        match variable {
            Variable::Service => SERVICE_TITLE.to_owned(),
            Variable::ServiceId => SERVICE.to_owned(),
            Variable::Plan => self.parameters.plan.as_str().to_owned(),
            Variable::Instance => self.instance.clone(),
            Variable::Key => self.key.clone(),
            Variable::Parameters => self.parameters.to_json(JsonStyle::Compact, Extent::Full),
            Variable::KeyType => KeyType::default().title().to_owned(),
            Variable::KeyParameters => KeyParameters::default().to_json(JsonStyle::Compact),
            Variable::Roles => self.parameters.roles.join(", "),
            Variable::RoleCount => self.parameters.roles.len().to_string(),
            Variable::Purpose => self.purpose.title.clone(),
            Variable::Cockpit => self.content.link("cockpit").map_or_else(String::new, |link| link.url.clone()),
            Variable::Region => "your region".to_owned(),
            Variable::Space => "your space".to_owned(),
            Variable::Url => "url of the key".to_owned(),
            Variable::Host => "host of the key's url".to_owned(),
            Variable::TokenUrl => "tokenurl of the key".to_owned(),
            Variable::TokenHost => "host of the key's tokenurl".to_owned(),
            Variable::ClientId => "clientid of the key".to_owned(),
        }
    }

    fn markdown(&self, text: &str) -> String {
        markup::markdown(&markup::parse(text, &|variable| self.value(variable)))
    }

    /// A link to follow, as Markdown.
    fn link(&self, id: &str) -> Option<String> {
        self.content.link(id).map(|link| {
            let note = if link.note.is_empty() { String::new() } else { format!(" ({})", link.note) };
            format!("[{}]({}){note}", link.title, link.url)
        })
    }
}

/// The name given on the command line if it can be used, else the purpose's own.
///
/// # Errors
///
/// Where it cannot be used.
pub fn chosen_name(option: &str, given: Option<&str>, default: &str) -> Result<String, Problem> {
    let name = given.unwrap_or(default);
    match check_name(name) {
        Ok(()) => Ok(name.to_owned()),
        Err(problem) => Err(Problem::unusable(
            format!("The name given with --{option} cannot be used."),
            problem.to_string(),
            "The same rule holds in the cockpit and for the cf command line.",
        )),
    }
}

fn write_page(page: &Page, level: usize, values: &Values<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    let heading = "#".repeat(level);
    output.line(format!("{heading} {}", page.title))?;
    output.line(format!("\n{}", values.markdown(&page.intro)))?;
    for (index, step) in page.steps.iter().enumerate() {
        write_instruction(index + 1, step, values, output)?;
    }
    if !page.troubles.is_empty() {
        output.line(format!("\n{heading}# If it does not go as written"))?;
        output.line("")?;
    }
    for trouble in &page.troubles {
        let more = trouble.link.as_deref().and_then(|id| values.link(id));
        let more = more.map(|link| format!(" {link}")).unwrap_or_default();
        output.line(format!("- **{}** {}{more}", values.markdown(&trouble.when), values.markdown(&trouble.then)))?;
    }
    let links: Vec<String> = page.links.iter().filter_map(|id| values.link(id)).collect();
    if !links.is_empty() {
        output.line(format!("\n{heading}# Links"))?;
        output.line("")?;
    }
    for link in links {
        output.line(format!("- {link}"))?;
    }
    Ok(())
}

fn write_instruction(
    number: usize,
    step: &Instruction,
    values: &Values<'_>,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let mark = format!("{number}. ");
    let indent = " ".repeat(mark.len());
    output.line(format!("\n{mark}{}", values.markdown(&step.text)))?;
    if !step.why.is_empty() {
        output.line(format!("\n{indent}{}", values.markdown(&step.why)))?;
    }
    if step.copy == "{parameters}" {
        output.line(format!("\n{indent}```json"))?;
        for line in values.parameters.to_json(JsonStyle::Pretty, Extent::Full).lines() {
            output.line(format!("{indent}{line}"))?;
        }
        output.line(format!("{indent}```"))?;
    }
    if let Some(link) = step.link.as_deref().and_then(|id| values.link(id)) {
        output.line(format!("\n{indent}{link}"))?;
    }
    Ok(())
}

fn write_step(step: &Step, values: &Values<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    output.line(format!("# {}", step.title))?;
    output.line(format!("\n{}", step.intro))?;
    for paragraph in step.help.lines().filter(|line| !line.trim().is_empty()) {
        output.line(format!("\n{}", values.markdown(paragraph)))?;
    }
    Ok(())
}
