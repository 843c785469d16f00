//! `guide`: the pages of the guide as Markdown.

use std::fmt::Display;

use super::{
    args::hand_over::GuideArgs,
    content,
    output::Output,
    status::{Outcome, Status},
};
use crate::{
    domain::{
        content::Content,
        guide::values::Values,
        handover::choices::Choices,
        problem::Problem,
        sap::{
            guide::{Instruction, Page, Step, StepId, Trouble, Variable},
            guide_search::{Answer, Place, search},
            name::check_name,
            parameters::{Extent, InstanceParameters, JsonStyle},
            plan::SERVICE_TITLE,
            purpose::{CUSTOM, Purpose},
        },
        text::{markup, safe_text::SafeText},
    },
    words::Words,
};

/// The wizard's steps that are a page of the guide.
const PAGE_OF_STEP: [(StepId, &str); 2] = [(StepId::Create, "create-instance"), (StepId::Key, "create-key")];

pub fn run(args: GuideArgs, output: &mut Output<'_>) -> Outcome {
    let content = content();
    let Some(purpose) = content.purpose(&args.purpose) else { return Ok(Status::Failed) };
    let values = values(&args, purpose, &content)?;
    if let Some(question) = args.search.as_deref() {
        return answer(question, &values, output);
    }
    match args.step.as_deref() {
        None => {
            output.markdown(&format!("# {SERVICE_TITLE}: {}", purpose.title))?;
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

/// The parts of the guide that answer a question.
fn answer(question: &str, values: &Values<'_>, output: &mut Output<'_>) -> Outcome {
    let words = values.content.words;
    let answers = search(&values.content.pages, question, words);
    if answers.is_empty() {
        output.remark(words.guide().no_answer());
    }
    for (index, Answer { page, place }) in answers.into_iter().enumerate() {
        if index > 0 {
            output.line("")?;
        }
        match place {
            Place::Trouble(trouble) => write_trouble(trouble, values, output)?,
            Place::Instruction(step) => {
                let said = format!("- {} {}", markdown(&step.text, values), markdown(&step.why, values));
                output.markdown(said.trim_end())?;
            }
        }
        output.markdown(&format!(
            "\n  {}",
            words.guide().page_of_answer(&page.title, format!("`cpikey guide {}`", page.id))
        ))?;
    }
    Ok(Status::Done)
}

/// What a name on the command line refers to.
enum Topic<'a> {
    Page(&'a Page),
    Step(&'a Step),
}

fn find<'a>(name: &str, content: &'a Content) -> Option<Topic<'a>> {
    let step = content.steps.iter().find(|step| step.id.as_str() == name);
    let page_of_step = step.and_then(|step| PAGE_OF_STEP.iter().find(|(id, _)| *id == step.id));
    let page = page_of_step.map_or(name, |(_, page)| page);
    content.page(page).map(Topic::Page).or_else(|| step.map(Topic::Step))
}

fn unknown(name: &str, content: &Content) -> Problem {
    let pages: Vec<&str> = content.pages.iter().map(|page| page.id.as_str()).collect();
    let facts: [(&str, &dyn Display); 3] = [
        ("name", &SafeText::capped(name, 40)),
        ("pages", &pages.join(", ")),
        ("steps", &StepId::ALL.map(StepId::as_str).join(", ")),
    ];
    content.words.guide().unknown_page().fill(&facts).unusable()
}

/// The values filled into the pages: the choices of the purpose, with the given names.
///
/// # Errors
///
/// If a name cannot be used.
fn values<'a>(args: &GuideArgs, purpose: &'a Purpose, content: &'a Content) -> Result<Values<'a>, Problem> {
    let mut parameters = InstanceParameters::new(purpose.plan);
    if purpose.id != CUSTOM {
        parameters = parameters.with_roles(purpose.role_names());
    }
    let choices = Choices::new(
        parameters,
        chosen_name("instance", args.names.instance.as_deref(), &purpose.instance_name, content.words)?,
        chosen_name("key", args.names.key.as_deref(), &purpose.key_name, content.words)?,
    );
    Ok(Values { content, choices, purpose: Some(purpose), key: None })
}

/// The name given on the command line if it can be used, otherwise the default.
///
/// # Errors
///
/// If it cannot be used.
pub fn chosen_name(option: &str, given: Option<&str>, default: &str, words: Words) -> Result<String, Problem> {
    let name = given.unwrap_or(default);
    match check_name(name) {
        Ok(()) => Ok(name.to_owned()),
        Err(problem) => {
            let facts: [(&str, &dyn Display); 2] = [("option", &option), ("problem", &problem.shown(words))];
            Err(words.guide().name_unusable().fill(&facts).unusable())
        }
    }
}

fn markdown(text: &str, values: &Values<'_>) -> String {
    markup::markdown(&values.spans(text))
}

/// A link as Markdown.
fn link(id: &str, content: &Content) -> Option<String> {
    content.link(id).map(|link| {
        let note = if link.note.is_empty() { String::new() } else { format!(" ({})", link.note) };
        format!("[{}]({}){note}", link.title, link.url)
    })
}

fn write_page(page: &Page, level: usize, values: &Values<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    let words = values.content.words.guide();
    let heading = "#".repeat(level);
    output.markdown(&format!("{heading} {}", page.title))?;
    output.markdown(&format!("\n{}", markdown(&page.intro, values)))?;
    for (index, step) in page.steps.iter().enumerate() {
        write_instruction(index + 1, step, values, output)?;
    }
    if !page.troubles.is_empty() {
        output.markdown(&format!("\n{heading}# {}", words.troubles()))?;
        output.line("")?;
    }
    for trouble in &page.troubles {
        write_trouble(trouble, values, output)?;
    }
    let links: Vec<String> = page.links.iter().filter_map(|id| link(id, values.content)).collect();
    if !links.is_empty() {
        output.markdown(&format!("\n{heading}# {}", words.links()))?;
        output.line("")?;
    }
    for link in links {
        output.markdown(&format!("- {link}"))?;
    }
    Ok(())
}

fn write_trouble(trouble: &Trouble, values: &Values<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    let more = trouble.link.as_deref().and_then(|id| link(id, values.content));
    let more = more.map(|link| format!(" {link}")).unwrap_or_default();
    output.markdown(&format!("- **{}** {}{more}", markdown(&trouble.when, values), markdown(&trouble.then, values)))
}

fn write_instruction(
    number: usize,
    step: &Instruction,
    values: &Values<'_>,
    output: &mut Output<'_>,
) -> Result<(), Problem> {
    let mark = format!("{number}. ");
    let indent = " ".repeat(mark.len());
    output.markdown(&format!("\n{mark}{}", markdown(&step.text, values)))?;
    if !step.why.is_empty() {
        output.markdown(&format!("\n{indent}{}", markdown(&step.why, values)))?;
    }
    if step.copy == Some(Variable::Parameters) {
        output.markdown(&format!("\n{indent}```json"))?;
        for line in values.choices.parameters.to_json(JsonStyle::Pretty, Extent::Full).lines() {
            output.line(format!("{indent}{line}"))?;
        }
        output.markdown(&format!("{indent}```"))?;
    }
    if let Some(link) = step.link.as_deref().and_then(|id| link(id, values.content)) {
        output.markdown(&format!("\n{indent}{link}"))?;
    }
    Ok(())
}

fn write_step(step: &Step, values: &Values<'_>, output: &mut Output<'_>) -> Result<(), Problem> {
    output.markdown(&format!("# {}", step.title))?;
    output.markdown(&format!("\n{}", step.intro))?;
    for paragraph in step.help.lines().filter(|line| !line.trim().is_empty()) {
        output.markdown(&format!("\n{}", markdown(paragraph, values)))?;
    }
    Ok(())
}
