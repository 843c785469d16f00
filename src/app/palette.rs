//! The palette: everything in the program, found by a few letters. Its rows are built when it is opened.

use super::{App, commands, overlay::Overlay, route};
use crate::{
    domain::{
        sap::{guide::StepId, plan::PlanId},
        text::fuzzy::{self, Match},
        theme::ThemeChoice,
    },
    keymap::Action,
    model::{Effect, JobRequest, Notice, Place},
    screens::{Enter, Navigation},
    words::{PaletteLabels, Words},
};

/// The effect of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Performs this action.
    Act(Action),
    /// Goes to Quick Fill, even if it was not reached yet.
    ReadKey,
    /// Goes to a step and focuses something there.
    Go(StepId, Enter),
    /// Opens the saved systems with one of them focused.
    OpenSystem(Enter),
    /// Starts the practice tenant.
    Practice,
    /// Switches the mouse on or off.
    Mouse,
    /// Runs the doctor.
    Doctor,
    /// Switches to these colours.
    Theme(ThemeChoice),
    /// Discards choices and ticks.
    Forget,
    /// Explains how to start the other mode: plain or full screen.
    OtherMode,
    /// Chooses the purpose with this index in the content.
    Choose(usize),
}

/// The kinds of rows, in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Commands of the screen.
    Screen,
    /// Commands of every screen.
    Everywhere,
    /// The steps.
    Step,
    /// Saved systems.
    System,
    /// Purposes.
    Purpose,
    /// Export targets.
    Export,
    /// Pages of the guide.
    Page,
    /// Roles.
    Role,
    /// Colours.
    Theme,
}

impl Kind {
    /// The heading of its rows.
    pub fn heading(self, words: Words) -> &'static str {
        let (app, palette) = (words.app(), words.palette());
        match self {
            Kind::Screen => app.on_this_screen(),
            Kind::Everywhere => app.everywhere(),
            Kind::Step => palette.steps(),
            Kind::System => palette.systems(),
            Kind::Purpose => palette.purposes(),
            Kind::Export => palette.exports(),
            Kind::Page => palette.guide(),
            Kind::Role => palette.roles(),
            Kind::Theme => palette.themes(),
        }
    }

    /// The tag of a row if there is no heading.
    pub fn tag(self, words: PaletteLabels) -> &'static str {
        match self {
            Kind::Screen | Kind::Everywhere => "",
            Kind::Step => words.step(),
            Kind::System => words.system(),
            Kind::Purpose => words.purpose(),
            Kind::Export => words.export(),
            Kind::Page => words.page(),
            Kind::Role => words.role(),
            Kind::Theme => words.theme(),
        }
    }
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it does.
    pub deed: Deed,
    /// What it is.
    pub kind: Kind,
    /// Its label.
    pub label: String,
    /// A short description.
    pub about: String,
    /// Its key, if it has one here.
    pub key: Option<String>,
    /// Why it is disabled right now.
    pub disabled_because: Option<String>,
    /// The characters of the label that match the search.
    pub matched: Vec<usize>,
    /// Additional search keywords.
    keywords: &'static str,
}

impl Row {
    fn new(kind: Kind, deed: Deed, label: impl Into<String>, about: impl Into<String>) -> Self {
        Self {
            deed,
            kind,
            label: label.into(),
            about: about.into(),
            key: None,
            disabled_because: None,
            matched: Vec::new(),
            keywords: "",
        }
    }

    fn with_key(self, key: Option<String>) -> Self {
        Self { key, ..self }
    }

    fn found_by(self, keywords: &'static str) -> Self {
        Self { keywords, ..self }
    }

    /// Why it is disabled, or its description.
    pub fn more(&self) -> &str {
        self.disabled_because.as_deref().unwrap_or(&self.about)
    }

    fn unless(self, disabled_because: Option<String>) -> Self {
        Self { disabled_because, ..self }
    }
}

/// The guide pages outside the main path, with their steps.
const PAGES: [(&str, StepId); 5] = [
    ("create-instance", StepId::Create),
    ("update-instance", StepId::Create),
    ("create-key", StepId::Key),
    ("rotate-key", StepId::Key),
    ("delete", StepId::Key),
];

/// The rows for a search, best first; without a search, all rows in order of their kind.
pub fn rows(app: &App, search: &str) -> Vec<Row> {
    let rows = all(app);
    if search.trim().is_empty() {
        return rows;
    }
    let mut found: Vec<(i32, Row)> = rows
        .into_iter()
        .filter_map(|row| {
            let around = [row.about.as_str(), row.keywords, row.key.as_deref().unwrap_or_default()];
            let Match { score, places } = fuzzy::fits_all(search, &row.label, &around)?;
            Some((score, Row { matched: places, ..row }))
        })
        .collect();
    // The sort is stable: among equal rows, those of the screen come first.
    found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    found.into_iter().map(|(_, row)| row).collect()
}

fn all(app: &App) -> Vec<Row> {
    let mut rows = commands(app);
    rows.extend(steps(app));
    rows.extend(systems(app));
    rows.extend(purposes(app));
    rows.extend(exports(app));
    rows.extend(pages(app));
    rows.extend(themes(app));
    rows.extend(roles(app));
    rows
}

/// The commands of the screen, and those of every screen.
fn commands(app: &App) -> Vec<Row> {
    let (own, everywhere) = commands::of_palette(app);
    let words = app.session.content.words.palette();
    let mut rows: Vec<Row> = Vec::new();
    for (kind, commands) in [(Kind::Screen, own), (Kind::Everywhere, everywhere)] {
        for command in commands {
            // Several actions may have the same effect here.
            if rows.iter().any(|row| row.label == command.label) {
                continue;
            }
            let row = Row::new(kind, Deed::Act(command.action), command.label, "");
            let row = row.with_key(command.keys.into_iter().next()).unless(command.disabled_because);
            rows.push(row.found_by(match command.action {
                Action::Cloud => words.cloud_words(),
                Action::Instances => words.instances_words(),
                _ => "",
            }));
        }
    }
    if app.place() != Place::Step(StepId::QuickFill) {
        let row = Row::new(Kind::Everywhere, Deed::ReadKey, words.read_key(), "");
        rows.push(row.found_by(words.read_key_words()));
    }
    let labels = app.session.content.words.purpose();
    let practices = app.session.around.practice.then(|| words.practice_runs().to_owned());
    let row = Row::new(Kind::Everywhere, Deed::Practice, labels.start_practice(), labels.practice_row_hint());
    if !rows.iter().any(|other| other.label == row.label) {
        rows.push(row.found_by(words.practice_words()).unless(practices));
    }
    let around = &app.session.around;
    let mut add = |deed, label, keywords| rows.push(Row::new(Kind::Everywhere, deed, label, "").found_by(keywords));
    if around.whole_lines {
        add(Deed::OtherMode, words.full_screen(), words.full_screen_words());
    } else {
        let mouse = if around.mouse { words.leave_mouse() } else { words.use_mouse() };
        add(Deed::Mouse, mouse, words.mouse_words());
        add(Deed::OtherMode, words.plain_mode(), words.plain_mode_words());
    }
    add(Deed::Doctor, words.doctor(), words.doctor_words());
    let nothing = !app.session.has_choices() && app.session.resume.is_none();
    let row = Row::new(Kind::Everywhere, Deed::Forget, words.forget(), "").found_by(words.forget_words());
    rows.push(row.unless(nothing.then(|| words.nothing_to_forget().to_owned())));
    rows
}

fn steps(app: &App) -> impl Iterator<Item = Row> {
    let session = &app.session;
    let words = session.content.words;
    route::numbers().filter(|(_, id)| *id != app.step).map(move |(number, id)| {
        let step = session.content.step(id);
        Row::new(Kind::Step, Deed::Act(Action::Jump(number)), &step.rail, &step.title)
            .with_key(Some(number.to_string()))
            .found_by(words.palette().step_words())
            .unless(app.why_not_yet(id))
    })
}

fn systems(app: &App) -> impl Iterator<Item = Row> {
    let words = app.session.content.words.palette();
    app.session.saved.systems().iter().map(move |system| {
        let deed = Deed::OpenSystem(Enter::System(system.id));
        Row::new(Kind::System, deed, system.name.as_str(), system.url.host()).found_by(words.system_words())
    })
}

fn purposes(app: &App) -> impl Iterator<Item = Row> {
    let words = app.session.content.words.palette();
    app.session.content.purposes.iter().enumerate().map(move |(at, purpose)| {
        Row::new(Kind::Purpose, Deed::Choose(at), &purpose.title, &purpose.summary).found_by(words.purpose_words())
    })
}

fn exports(app: &App) -> impl Iterator<Item = Row> {
    let session = &app.session;
    let words = session.content.words.palette();
    let key = session.key.usable();
    session.content.exports.iter().enumerate().map(move |(at, target)| {
        let reason = match key {
            None => Some(words.no_key_yet()),
            Some(key) if !target.takes(key) => Some(words.wrong_kind_of_key()),
            Some(_) => None,
        };
        Row::new(Kind::Export, Deed::Go(StepId::HandOver, Enter::Export(at)), &target.title, "")
            .found_by(words.export_words())
            .unless(reason.map(str::to_owned))
    })
}

fn pages(app: &App) -> impl Iterator<Item = Row> {
    let content = &app.session.content;
    let words = content.words.palette();
    PAGES.iter().filter_map(move |(id, step)| {
        let row = Row::new(Kind::Page, Deed::Go(*step, Enter::Page(id)), &content.page(id)?.title, "");
        Some(row.found_by(match *id {
            "update-instance" => words.page_words_update(),
            "rotate-key" => words.page_words_rotate(),
            "delete" => words.page_words_delete(),
            _ => words.page_words(),
        }))
    })
}

/// Themes are not offered if there are no colours.
fn themes(app: &App) -> impl Iterator<Item = Row> {
    let around = &app.session.around;
    let words = app.session.content.words;
    let labels = words.palette();
    let offered: &[ThemeChoice] = if around.whole_lines { &[] } else { &ThemeChoice::ALL };
    offered.iter().map(move |theme| {
        let reason = match () {
            () if *theme == around.theme => Some(labels.theme_in_use()),
            () if !around.has_themes => Some(labels.no_themes()),
            () => None,
        };
        let label = labels.theme_named(theme.as_str());
        Row::new(Kind::Theme, Deed::Theme(*theme), label, theme.about(words))
            .found_by(labels.theme_words())
            .unless(reason.map(str::to_owned))
    })
}

fn roles(app: &App) -> impl Iterator<Item = Row> {
    let content = &app.session.content;
    let words = content.words.palette();
    let listed = app.session.draft.parameters.plan == PlanId::Api;
    let only_api = || (!listed).then(|| content.words.roles().only_api_lists().to_owned());
    let reason = app.why_not_yet(StepId::Roles).or_else(only_api);
    content.catalogue.roles.iter().enumerate().map(move |(at, role)| {
        Row::new(Kind::Role, Deed::Go(StepId::Roles, Enter::Role(at)), &role.name, &role.brief)
            .found_by(words.role_words())
            .unless(reason.clone())
    })
}

impl App {
    /// Why a step cannot be entered yet.
    pub(super) fn why_not_yet(&self, step: StepId) -> Option<String> {
        let content = &self.session.content;
        route::is_after(step, self.session.reached)
            .then(|| content.words.app().step_not_reached(&content.step(step).rail))
    }

    /// Runs a row of the palette, or explains why it cannot.
    pub(super) fn run(&mut self, row: Row) -> Vec<Effect> {
        if let Some(reason) = row.disabled_because {
            self.session.notice = Some(Notice::note(reason));
            return Vec::new();
        }
        match row.deed {
            Deed::Act(action) => self.act(action),
            Deed::ReadKey => self.go(Navigation::To(StepId::QuickFill, Enter::Plain)),
            Deed::Go(step, why) => self.go(Navigation::To(step, why)),
            Deed::OpenSystem(why) => self.go(Navigation::Systems(why)),
            Deed::Practice => {
                self.session.notice = Some(Notice::note(self.session.content.words.purpose().practice_starting()));
                vec![Effect::StartPractice]
            }
            Deed::Mouse => self.switch_mouse(),
            Deed::Theme(theme) => {
                self.session.around.theme = theme;
                let words = self.session.content.words.palette();
                self.session.notice = Some(Notice::note(words.theme_chosen(theme.as_str())));
                Vec::new()
            }
            Deed::Forget => {
                self.ask_to_forget_progress();
                Vec::new()
            }
            Deed::OtherMode => {
                let words = self.session.content.words.palette();
                let how = if self.session.around.whole_lines { words.how_to_full() } else { words.how_to_plain() };
                self.session.notice = Some(Notice::note(how));
                Vec::new()
            }
            Deed::Doctor => {
                self.overlay = Some(Overlay::Doctor(Box::default()));
                vec![self.session.start(self.place(), JobRequest::Examine)]
            }
            Deed::Choose(at) => {
                let content = std::sync::Arc::clone(&self.session.content);
                let Some(purpose) = content.purposes.get(at) else { return Vec::new() };
                // Choosing the same purpose again must not undo later changes.
                if self.session.draft.purpose.as_ref() != Some(&purpose.id) {
                    self.session.draft.choose_purpose(purpose, &content);
                }
                let effects = self.go(Navigation::To(StepId::Purpose, Enter::Plain));
                self.session.notice = Some(match purpose.warning.as_str() {
                    "" => Notice::note(content.words.palette().purpose_chosen(&purpose.title)),
                    warning => Notice::warning(warning),
                });
                effects
            }
        }
    }
}
