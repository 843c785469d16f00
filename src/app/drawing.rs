//! The frame around a screen: header, steps, message, keys, and the overlay.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{App, commands, overlay::Overlay, panels, route};
use crate::{
    domain::{sap::guide::StepId, text::countdown::seconds_left},
    keymap::Action,
    model::Place,
    screens::Question,
    ui::{
        Theme, glyphs,
        hits::Target,
        layout, text,
        widget::{
            header::{self, Header},
            keybar, list, notice, panel,
            rail::{self, RailStep, StepState},
        },
    },
};

/// Draws the whole screen. The same state always gives the same picture.
pub fn view(app: &App, theme: &Theme, frame: &mut Frame<'_>) {
    theme.hits.begin(app.has_mouse());
    draw(app, theme, frame);
    theme.finish(frame.buffer_mut());
    if !theme.glyphs.unicode {
        glyphs::to_ascii(frame.buffer_mut());
    }
}

fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>) {
    let area = frame.area();
    if area.width < layout::MINIMUM.0 || area.height < layout::MINIMUM.1 {
        too_small(app, theme, frame, area);
        return;
    }
    let screen = app.screens.get(app.place());
    let message = app.session.notice.as_ref().filter(|notice| !screen.says(&notice.text, &app.session));
    let rows = notice::rows(message, theme, area);
    let regions = layout::regions(area, rows);
    header::draw(&head(app), app.session.content.words, theme, frame, regions.header);
    let steps = steps(app);
    if regions.rail.is_empty() {
        rail::draw_line(&steps, theme, frame, regions.step_line);
    } else {
        rail::draw_column(&steps, theme, frame, regions.rail);
        for y in regions.rail.y..regions.rail.bottom() {
            let bar = Rect { x: regions.rail.right() - 1, y, width: 1, height: 1 };
            frame.render_widget(Span::styled(theme.glyphs.bar, theme.rule), bar);
        }
    }
    screen.view(&app.session, theme, frame, regions.body);
    notice::draw(message, theme, frame, regions.notice);
    let pinned = if app.overlay.is_some() { 1 } else { commands::PINNED };
    keybar::draw(&commands::footer(app, theme.glyphs.unicode), pinned, theme, frame, regions.footer);
    if let Some(overlay) = &app.overlay {
        let above = Rect { height: area.height.saturating_sub(1), ..area };
        draw_overlay(app, overlay, theme, frame, above);
    }
}

fn too_small(app: &App, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let text = app.session.content.words.app().too_small(area.width, area.height);
    list::draw_lines(&text::wrap(&text, area.width, theme.text), 0, theme, frame, area);
}

/// Title, and the choices so far with their weight.
pub(super) fn head(app: &App) -> Header {
    let session = &app.session;
    let draft = &session.draft;
    let mut status = Vec::new();
    if draft.purpose.is_some() {
        status.push((0, draft.instance.clone()));
        status.push((2, draft.parameters.plan.as_str().to_owned()));
    }
    let place = match session.key.found().map(|key| &key.summary) {
        Some(summary) => summary.region.clone().or_else(|| summary.url.as_ref().map(|url| url.as_str().to_owned())),
        None => (!draft.region.is_empty()).then(|| draft.region.clone()),
    };
    status.extend(place.map(|place| (1, place)));
    Header {
        title: title(app),
        status,
        practice: session.around.practice,
        countdown: session.secret_left().map(seconds_left),
    }
}

/// The title of the current screen.
pub(super) fn title(app: &App) -> String {
    match app.place() {
        Place::Step(step) => app.session.content.step(step).title.clone(),
        Place::Systems => app.session.content.words.saved_systems().title().to_owned(),
        Place::Cloud => app.screens.cloud_title(&app.session),
    }
}

fn steps(app: &App) -> Vec<RailStep> {
    let session = &app.session;
    StepId::ALL
        .iter()
        .map(|id| session.content.step(*id))
        .map(|step| RailStep {
            name: step.rail.clone(),
            state: if step.id == app.step {
                StepState::Current
            } else if app.screens.get(step.id).needs_attention(session) {
                StepState::Attention
            } else if session.done.contains(&step.id) && app.screens.get(step.id).is_done(session) {
                StepState::Done
            } else if !route::is_after(step.id, session.reached) {
                StepState::Visited
            } else {
                StepState::Locked
            },
        })
        .collect()
}

fn draw_overlay(app: &App, overlay: &Overlay, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    match overlay {
        Overlay::Plain => {}
        Overlay::Help(help) => panels::draw_help(app, help, theme, frame, area),
        Overlay::Doctor(doctor) => panels::draw_doctor(app, doctor, theme, frame, area),
        Overlay::Palette { query, selected } => panels::draw_palette(app, query, *selected, theme, frame, area),
        Overlay::Confirm { question, yes } => draw_question(question, *yes, theme, frame, area),
    }
}

fn draw_question(question: &Question, yes: bool, theme: &Theme, frame: &mut Frame<'_>, area: Rect) {
    let width = 64.min(area.width);
    let lines = text::wrap(&question.text, width.saturating_sub(4), theme.text);
    let rows = lines.len() as u16;
    let inner = panel::open(&question.title, width, rows + 5, theme, frame, area);
    let room = Rect { height: rows.min(inner.height), y: inner.y + 1.min(inner.height), ..inner };
    list::draw_lines(&lines, 0, theme, frame, room);
    let button = |word: &str, on: bool| Span::styled(format!(" {word} "), if on { theme.selected } else { theme.text });
    let line = Line::from_iter([button(&question.no, !yes), Span::raw("   "), button(&question.yes, yes)]);
    let y = (inner.y + rows + 2).min(inner.bottom().saturating_sub(1));
    frame.render_widget(line, Rect { y, height: 1, ..inner });
    let columns = |word: &str| text::width(word) as u16 + 2;
    let no = Rect { y, height: 1, width: columns(&question.no), ..inner };
    theme.hits.note(no, Target::Act(Action::No));
    theme.hits.note(Rect { x: no.right() + 3, width: columns(&question.yes), ..no }, Target::Act(Action::Yes));
    let x = if yes { inner.x + text::width(&question.no) as u16 + 5 } else { inner.x };
    frame.set_cursor_position((x.min(inner.right().saturating_sub(1)), y));
}
