//! A minimal full-screen program with ratatui: a list, up and down, q. The baseline for cpikey.

use crossterm::event::{self, Event, KeyCode};
use ratatui::{
    style::{Modifier, Style},
    widgets::{Block, List, ListState},
};

#[allow(clippy::disallowed_methods, reason = "it does no more than the shortest example of ratatui")]
fn main() -> std::io::Result<()> {
    let mut terminal = ratatui::init();
    let rows: Vec<String> = (1..=20).map(|row| format!("Row {row} of a list without any meaning")).collect();
    let mut state = ListState::default().with_selected(Some(0));
    loop {
        terminal.draw(|frame| {
            let list = List::new(rows.iter().map(String::as_str))
                .block(Block::bordered().title(" minimal "))
                .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
            frame.render_stateful_widget(list, frame.area(), &mut state);
        })?;
        if let Event::Key(key) = event::read()? {
            match key.code {
                KeyCode::Down => state.select_next(),
                KeyCode::Up => state.select_previous(),
                KeyCode::Char('q') => break,
                _ => {}
            }
        }
    }
    ratatui::restore();
    Ok(())
}
