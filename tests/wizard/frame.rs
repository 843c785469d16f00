//! Invariants of every frame at every size.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use cpikey::{
    ui::{Palette, Theme},
    words::Words,
};
use ratatui::{backend::TestBackend, buffer::Buffer};

use crate::{
    driver::Driver,
    pictures::{self, SIZES},
    styles,
};

/// One picture in all its forms, from the smallest to the largest.
struct Forms {
    colour: [TestBackend; 5],
    mono: [TestBackend; 5],
    ascii: [TestBackend; 5],
}

#[test]
fn every_picture_keeps_the_rules() {
    let found = Rc::new(RefCell::new(Vec::new()));
    let all = found.clone();
    let [colour, mono, ascii] = [(Palette::Dark, true), (Palette::Mono, true), (Palette::Mono, false)]
        .map(|(palette, unicode)| Theme::new(palette, unicode));
    pictures::each(move |name: &str, driver: &Driver| {
        let forms = |theme: &Theme| SIZES.map(|(width, height)| driver.drawn(width, height, theme));
        let forms = Forms { colour: forms(&colour), mono: forms(&mono), ascii: forms(&ascii) };
        let words = driver.app.session().content.words;
        let mut faults = Vec::new();
        for (index, size) in SIZES.iter().enumerate() {
            let shown = forms.colour[index].buffer();
            faults.extend(outside(shown).map(|row| format!("{size:?} uses the margin: {row}")));
            faults.extend(without_help(shown, words).map(|row| format!("{size:?} has no help in its last row: {row}")));
            faults.extend(loose_dot(shown).map(|row| format!("{size:?} has a dot with nothing after it: {row}")));
            if !forms.colour[index].cursor_visible() {
                faults.push(format!("{size:?} has no cursor"));
            }
            if !focus(shown, &colour).is_subset(&focus(forms.mono[index].buffer(), &mono)) {
                faults.push(format!("{size:?} shows no focus without colours"));
            }
            if !styles::text(forms.ascii[index].buffer()).is_ascii() {
                faults.push(format!("{size:?} is not ASCII:\n{}", styles::text(forms.ascii[index].buffer())));
            }
        }
        faults.extend(lost(&forms.colour, words, &colour));
        all.borrow_mut().extend(faults.into_iter().map(|fault| format!("{name} {fault}")));
    });
    assert!(found.borrow().is_empty(), "{}", found.borrow().join("\n"));
}

/// The first row with a separator dot that has nothing on one side.
fn loose_dot(shown: &Buffer) -> Option<String> {
    let is_loose = |row: &String| {
        let row = format!("{row}  ");
        row.match_indices(" ·  ").any(|(at, _)| !row[..at].ends_with([' ', '│']) && at > 0)
    };
    styles::rows(shown).into_iter().find(is_loose)
}

/// The first row that uses the first or the last column. Panel borders and full-width rules may.
fn outside(shown: &Buffer) -> Option<String> {
    let is_free = |edge: Option<char>| edge.is_none_or(|edge| " │┌┐└┘─".contains(edge));
    styles::rows(shown).into_iter().find(|row| !is_free(row.chars().next()) || !is_free(row.chars().last()))
}

/// The last row, if it does not end with the key of the help. Overlays show their own keys.
fn without_help(shown: &Buffer, words: Words) -> Option<String> {
    let last = styles::rows(shown).pop().unwrap_or_default();
    let keys = words.keys();
    let ends = [keys.help(), keys.close(), keys.confirm(), keys.clear()];
    (!ends.iter().any(|end| last.trim_end().ends_with(end))).then_some(last)
}

/// The cells that show where the focus is.
fn focus(shown: &Buffer, theme: &Theme) -> BTreeSet<usize> {
    let is_focus = |name: &str| matches!(name, "selected" | "focused field");
    let names = shown.content.iter().map(|cell| styles::name(cell, theme)).enumerate();
    names.filter(|(_, name)| is_focus(name)).map(|(at, _)| at).collect()
}

#[test]
fn other_usual_sizes_lose_nothing_either() {
    // Default window sizes of terminals, and common changes.
    const USUAL: [(u16, u16); 8] =
        [(60, 16), (80, 24), (100, 24), (120, 24), (120, 30), (150, 43), (180, 50), (240, 60)];
    let found = Rc::new(RefCell::new(Vec::new()));
    let all = found.clone();
    let theme = Theme::new(Palette::Dark, true);
    pictures::each(move |name: &str, driver: &Driver| {
        let words = driver.app.session().content.words;
        let drawn = USUAL.map(|(width, height)| driver.drawn(width, height, &theme));
        let said = drawn.each_ref().map(|drawn| said(drawn.buffer(), words, &theme));
        for (small, large) in (1..USUAL.len()).flat_map(|large| (0..large).map(move |small| (small, large))) {
            let shown = styles::rows(drawn[large].buffer()).join(" ");
            let lost: Vec<&String> = said[small].iter().filter(|word| !shown.contains(word.as_str())).collect();
            if !lost.is_empty() {
                all.borrow_mut().push(format!("{name} {:?} -> {:?} loses {lost:?}", USUAL[small], USUAL[large]));
            }
        }
    });
    assert!(found.borrow().is_empty(), "{}", found.borrow().join("\n"));
}

/// Text that a window shows and a larger one does not.
fn lost(drawn: &[TestBackend; 5], words: Words, theme: &Theme) -> Vec<String> {
    let mut faults = Vec::new();
    for (small, large) in (1..SIZES.len()).flat_map(|large| (0..large).map(move |small| (small, large))) {
        let shown = styles::rows(drawn[large].buffer()).join(" ");
        let mut lost = said(drawn[small].buffer(), words, theme);
        lost.retain(|word| !shown.contains(word.as_str()));
        if !lost.is_empty() {
            let lost: Vec<String> = lost.into_iter().collect();
            faults.push(format!("{:?} -> {:?} loses {}", SIZES[small], SIZES[large], lost.join(" ")));
        }
    }
    faults
}

/// The text of a screen without frame, footer and dim text: words of three letters or more. Text that says
/// how much is hidden disappears when nothing is hidden.
fn said(shown: &Buffer, words: Words, theme: &Theme) -> BTreeSet<String> {
    let labels = words.widgets();
    let missing = [labels.more_lines(1), labels.more_lines(2)].join(" ");
    let missing: BTreeSet<&str> = missing.split(|c: char| !c.is_alphabetic()).collect();
    let mut buffer = shown.clone();
    for cell in buffer.content.iter_mut().filter(|cell| Some(cell.fg) == theme.dim.fg) {
        cell.set_symbol(" ");
    }
    let (rows, has_rail) = (styles::rows(&buffer), buffer.area.width >= 200);
    let body = rows[if has_rail { 1 } else { 2 }..rows.len() - 1].iter().map(|row| {
        let rail = if has_rail { row.char_indices().nth(17).map_or(row.len(), |(at, _)| at) } else { 0 };
        &row[rail..]
    });
    std::iter::once(rows[0].as_str())
        .chain(body)
        .flat_map(|row| row.split(|c: char| !c.is_alphanumeric() && c != '…'))
        // With the mark it is the beginning of a word; with digits, often a part of an id that is truncated elsewhere.
        .filter(|word| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic) && !missing.contains(*word))
        .map(str::to_owned)
        .collect()
}
