//! The pictures of the documentation: drawn frames of the wizard, as SVG.

use std::{collections::BTreeSet, fmt::Write as _};

use cpikey::ui::{Palette, Theme};
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};

use crate::styles;

/// A terminal with a dark or a light background.
#[derive(Clone, Copy)]
pub struct Ground {
    pub name: &'static str,
    palette: Palette,
    text: u32,
    back: u32,
    edge: u32,
}

pub const GROUNDS: [Ground; 2] = [
    Ground { name: "dark", palette: Palette::Dark, text: 0xd4d4d4, back: 0x1b1d21, edge: 0x3a3d44 },
    Ground { name: "light", palette: Palette::Light, text: 0x24292f, back: 0xffffff, edge: 0xd0d7de },
];

impl Ground {
    pub fn theme(&self) -> Theme {
        Theme::new(self.palette, true)
    }

    /// The colours of text and background.
    fn colours(&self, cell: &Cell) -> (u32, Option<u32>) {
        let colour = |colour: Color| match colour {
            Color::Reset => None,
            Color::Indexed(index) => Some(styles::fixed(index)),
            other => panic!("{other:?} depends on the terminal"),
        };
        let (text, back) = (colour(cell.fg).unwrap_or(self.text), colour(cell.bg));
        if cell.modifier.contains(Modifier::REVERSED) {
            return (back.unwrap_or(self.back), Some(text));
        }
        (text, back)
    }
}

/// Tenths of a pixel: a column, a row, the baseline, and the margin.
const COLUMN: usize = 84;
const ROW: usize = 180;
const BASE: usize = 132;
const AIR: usize = 120;

fn px(tenths: usize) -> String {
    if tenths.is_multiple_of(10) { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, tenths % 10) }
}

/// One frame.
pub fn still(title: &str, frame: &Buffer, ground: Ground) -> String {
    animated(title, &[(frame.clone(), 1)], ground)
}

/// Frames, each shown for some tenths of a second, again and again. Without animation the first one is shown.
pub fn animated(title: &str, frames: &[(Buffer, usize)], ground: Ground) -> String {
    let area = frames[0].0.area;
    let (columns, rows) = (usize::from(area.width), usize::from(area.height));
    let (width, height) = (px(columns * COLUMN + 2 * AIR), px(rows * ROW + 2 * AIR));
    let drawn: Vec<Vec<String>> = frames.iter().map(|(frame, _)| drawn_rows(frame, ground)).collect();
    let mut body = String::new();
    let mut spans = BTreeSet::new();
    for row in 0..rows {
        let drawn: Vec<&String> = drawn.iter().map(|rows| &rows[row]).collect();
        let mut first = 0;
        for frame in 1..=frames.len() {
            if frame < frames.len() && drawn[frame] == drawn[first] {
                continue;
            }
            if !drawn[first].is_empty() {
                let shown = drawn[first];
                if (first, frame) == (0, frames.len()) {
                    body.push_str(shown);
                } else {
                    spans.insert((first, frame));
                    let _ = writeln!(body, "<g class=\"f{first}-{frame}\">{shown}</g>");
                }
            }
            first = frame;
        }
    }
    let starts: Vec<usize> = frames
        .iter()
        .scan(0, |at, (_, length)| {
            let start = *at;
            *at += length;
            Some(start)
        })
        .collect();
    let all: usize = frames.iter().map(|(_, length)| length).sum();
    let mut css = format!(
        "text{{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#{:06x}}}\
         .b{{font-weight:700}}.u{{text-decoration:underline}}",
        ground.text
    );
    for (first, end) in spans {
        let percent = |frame: usize| starts.get(frame).map_or(100.0, |start| *start as f64 * 100.0 / all as f64);
        let name = format!("f{first}-{end}");
        let hidden = if first == 0 { "" } else { "visibility:hidden;" };
        let before = if first == 0 { String::new() } else { "0%{visibility:hidden}".to_owned() };
        let after =
            if end == frames.len() { String::new() } else { format!("{:.2}%{{visibility:hidden}}", percent(end)) };
        let _ = write!(
            css,
            ".{name}{{{hidden}animation:{name} {}s step-end infinite}}@keyframes {name}{{{before}{:.2}%{{visibility:visible}}{after}}}",
            all as f64 / 10.0,
            percent(first)
        );
    }
    if frames.len() > 1 {
        css.push_str("@media(prefers-reduced-motion:reduce){g{animation:none!important}}");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">\n\
         <title>{title}</title>\n<style>{css}</style>\n\
         <rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"#{:06x}\" stroke=\"#{:06x}\"/>\n{body}</svg>\n",
        px(columns * COLUMN + 2 * AIR - 10),
        px(rows * ROW + 2 * AIR - 10),
        ground.back,
        ground.edge,
    )
}

/// A part of a row with one style.
type Run = (usize, String, (u32, Option<u32>), Modifier);

/// The elements of each row.
fn drawn_rows(frame: &Buffer, ground: Ground) -> Vec<String> {
    let width = usize::from(frame.area.width);
    frame.content.chunks(width).enumerate().map(|(y, row)| drawn_row(y, row, ground)).collect()
}

fn drawn_row(y: usize, row: &[Cell], ground: Ground) -> String {
    let mut runs: Vec<Run> = Vec::new();
    for (x, cell) in row.iter().enumerate() {
        let look = (ground.colours(cell), cell.modifier);
        match runs.last_mut() {
            Some((_, text, colours, modifier)) if (*colours, *modifier) == look => text.push_str(cell.symbol()),
            _ => runs.push((x, cell.symbol().to_owned(), look.0, look.1)),
        }
    }
    let mut out = String::new();
    let top = y * ROW + AIR;
    for (x, text, (colour, back), modifier) in runs {
        let columns = text.chars().count();
        if let Some(back) = back {
            let _ = writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#{back:06x}\"/>",
                px(x * COLUMN + AIR),
                px(top),
                px(columns * COLUMN),
                px(ROW)
            );
        }
        let is_line = |c: char| "│─┌┐└┘".contains(c);
        let fill = if colour == ground.text { String::new() } else { format!(" style=\"fill:#{colour:06x}\"") };
        let mut class = Vec::new();
        class.extend(modifier.contains(Modifier::BOLD).then_some("b"));
        class.extend(modifier.contains(Modifier::UNDERLINED).then_some("u"));
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{}\"", class.join(" ")) };
        let keeps_blanks = modifier.contains(Modifier::UNDERLINED);
        for (start, part) in parts(&text, keeps_blanks) {
            let x = (x + start) * COLUMN + AIR;
            if part.chars().all(is_line) {
                let _ = writeln!(out, "<path d=\"{}\" stroke=\"#{colour:06x}\" fill=\"none\"/>", lines(&part, x, top));
                continue;
            }
            let length = px(part.chars().count() * COLUMN);
            let part = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" textLength=\"{length}\"{class}{fill}>{part}</text>",
                px(x),
                px(top + BASE)
            );
        }
    }
    out
}

/// The parts of a run that are drawn: without wide gaps, and lines apart from text.
fn parts(text: &str, keeps_blanks: bool) -> Vec<(usize, String)> {
    let is_line = |c: char| "│─┌┐└┘".contains(c);
    let mut parts: Vec<(usize, String)> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        match parts.last_mut() {
            Some((_, part)) if part.chars().last().is_some_and(|last| is_line(last) == is_line(c)) => part.push(c),
            _ => parts.push((at, c.to_string())),
        }
    }
    if keeps_blanks {
        return parts;
    }
    let mut trimmed = Vec::new();
    for (at, part) in parts {
        // Two or more spaces are a gap between columns.
        let mut from = at;
        for piece in part.split("  ") {
            let lead = piece.chars().take_while(|c| *c == ' ').count();
            let shown = piece.trim();
            if !shown.is_empty() {
                trimmed.push((from + lead, shown.to_owned()));
            }
            from += piece.chars().count() + 2;
        }
    }
    trimmed
}

/// Lines of a frame as a path, so that they meet with any font.
fn lines(part: &str, x: usize, top: usize) -> String {
    let mut path = String::new();
    let (middle, bottom) = (top + ROW / 2, top + ROW);
    let mut at = x;
    let mut rule: Option<usize> = None;
    let end_rule = |path: &mut String, rule: &mut Option<usize>, at: usize| {
        if let Some(start) = rule.take() {
            let _ = write!(path, "M{} {}H{}", px(start), px(middle), px(at));
        }
    };
    for c in part.chars() {
        let (left, centre, right) = (at, at + COLUMN / 2, at + COLUMN);
        let (goes_left, goes_right) = (matches!(c, '─' | '┐' | '┘'), matches!(c, '─' | '┌' | '└'));
        if goes_right {
            rule.get_or_insert(if goes_left { left } else { centre });
        } else {
            end_rule(&mut path, &mut rule, if goes_left { centre } else { left });
        }
        match c {
            '│' => drop(write!(path, "M{} {}V{}", px(centre), px(top), px(bottom))),
            '┌' | '┐' => drop(write!(path, "M{} {}V{}", px(centre), px(middle), px(bottom))),
            '└' | '┘' => drop(write!(path, "M{} {}V{}", px(centre), px(top), px(middle))),
            _ => {}
        }
        at = right;
    }
    end_rule(&mut path, &mut rule, at);
    path
}
