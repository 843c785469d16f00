//! Draws frames with few bytes, for slow connections: content that moved up or down, or within its row, is moved by the
//! terminal, and only the remaining changes are written.
//!
//! ratatui's own backend writes each changed cell in place. A list that scrolls by one row then rewrites the whole
//! screen, and if two texts share a letter the cursor jumps over it, which takes eight times the bytes of the letter.

mod code;
mod shift;
mod slide;

use std::{
    cell::Cell as Remembered,
    io::{self, Write},
};

use crossterm::{cursor, queue, terminal};
use ratatui::{
    backend::{Backend, ClearType, WindowSize},
    buffer::Cell,
    layout::{Position, Size},
};

use code::{Alphabet, BLANK, Code};
use shift::{Rows, Shift};
use slide::Slide;

/// Frames that change fewer cells than this are written without moves.
const WORTH_MOVING: usize = 80;

/// Maximum number of moves per frame: an entry that closes and one that opens move the rows between them and below.
const MOVES: usize = 3;

/// Up to this many unchanged cells are rewritten rather than jumped over.
const SHORT_GAP: usize = 4;

/// Up to this many cells are written as spaces rather than erased.
const SHORT_END: usize = 3;

/// Draws the changes since the previous frame.
#[derive(Debug)]
pub(super) struct DeltaBackend<W> {
    writer: W,
    alphabet: Alphabet,
    /// What the terminal shows, row by row.
    shown: Vec<Code>,
    /// What it should show.
    wanted: Vec<Code>,
    /// The size of both.
    area: Size,
    /// The latest known size of the terminal: ratatui's own buffers have that size.
    size: Remembered<Size>,
    cursor: Position,
    /// Whether the cursor is visible, if known.
    cursor_shown: Option<bool>,
}

impl<W: Write> DeltaBackend<W> {
    /// A backend for a blank terminal.
    pub(super) fn new(writer: W) -> Self {
        Self {
            writer,
            alphabet: Alphabet::default(),
            shown: Vec::new(),
            wanted: Vec::new(),
            area: Size::ZERO,
            size: Remembered::default(),
            cursor: Position::ORIGIN,
            cursor_shown: None,
        }
    }

    /// The terminal is blank.
    fn forget(&mut self) {
        self.cursor_shown = None;
        self.area = self.size.get();
        self.shown = vec![BLANK; usize::from(self.area.width) * usize::from(self.area.height)];
        self.wanted.clone_from(&self.shown);
    }

    /// Moves rows where that pays off.
    fn move_rows(&mut self, out: &mut Vec<u8>) {
        let width = usize::from(self.area.width);
        let mut rows = Rows::of(&self.shown, &self.wanted, width);
        for _ in 0..MOVES {
            let Some(shift) = Shift::best(&rows) else { return };
            shift.write(out);
            shift.apply(&mut self.shown, width);
            rows.look_again(&self.shown, &self.wanted, width);
        }
    }

    /// Writes what differs in a row.
    fn write_row(&mut self, y: u16, pen: &mut Pen, out: &mut Vec<u8>) {
        let start = usize::from(y) * usize::from(self.area.width);
        let cells = start..start + usize::from(self.area.width);
        let (wanted, shown) = (&self.wanted[cells.clone()], &mut self.shown[cells]);
        if wanted == &*shown {
            return;
        }
        if wanted.iter().chain(&*shown).all(|code| code.columns() == 1) {
            if let Some(slide) = Slide::best(shown, wanted) {
                pen.go_to(slide.at(), y, out);
                pen.reset(out);
                slide.write(out);
                slide.apply(shown);
            }
            write_narrow(wanted, shown, y, &self.alphabet, pen, out);
        } else {
            write_whole(wanted, y, &self.alphabet, pen, out);
        }
        shown.copy_from_slice(wanted);
    }
}

impl<W: Write> Write for DeltaBackend<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl<W: Write> Backend for DeltaBackend<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        if self.area != self.size.get() {
            self.forget();
        }
        let (width, mut changed) = (self.area.width, 0);
        for (x, y, cell) in content.filter(|(x, ..)| *x < width) {
            let code = self.alphabet.code(cell);
            let start = usize::from(y) * usize::from(width) + usize::from(x);
            // A wide character covers what comes after it.
            let end = start + usize::from(code.columns().clamp(1, width - x));
            if let Some(cells) = self.wanted.get_mut(start..end) {
                cells.fill(BLANK);
                cells[0] = code;
                changed += 1;
            }
        }
        let mut out = Vec::with_capacity(4096);
        if changed >= WORTH_MOVING {
            self.move_rows(&mut out);
        }
        if changed > 0 {
            let mut pen = Pen::default();
            for y in 0..self.area.height {
                self.write_row(y, &mut pen, &mut out);
            }
            pen.reset(&mut out);
        }
        self.writer.write_all(&out)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        match self.cursor_shown.replace(false) {
            Some(false) => Ok(()),
            _ => queue!(self.writer, cursor::Hide),
        }
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        match self.cursor_shown.replace(true) {
            Some(true) => Ok(()),
            _ => queue!(self.writer, cursor::Show),
        }
    }

    /// Its last set position. The terminal is never queried.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        queue!(self.writer, cursor::MoveTo(self.cursor.x, self.cursor.y))
    }

    fn clear(&mut self) -> io::Result<()> {
        self.forget();
        queue!(self.writer, terminal::Clear(terminal::ClearType::All))
    }

    /// A full-screen program only clears everything.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let size = drawable(terminal::size()?);
        self.size.set(size);
        Ok(size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: self.size()?, pixels: Size::ZERO })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The part of a terminal that is drawn on. One that claims to be 65,535 columns and rows would need more memory than there
/// is; the largest screens have a tenth of these cells.
fn drawable((width, height): (u16, u16)) -> Size {
    Size { width: width.min(2_000), height: height.min(1_000) }
}

/// Writes the cells that differ, all of them one column wide.
fn write_narrow(wanted: &[Code], shown: &[Code], y: u16, alphabet: &Alphabet, pen: &mut Pen, out: &mut Vec<u8>) {
    let differs = |x: usize| wanted[x] != shown[x];
    // From here on the row is blank; one sequence removes any remaining text.
    let text_end = wanted.iter().rposition(|code| *code != BLANK).map_or(0, |last| last + 1);
    let erased = (text_end..shown.len()).filter(|x| differs(*x)).count() > SHORT_END;
    let end = if erased { text_end } else { wanted.len() };
    let mut x = 0;
    while let Some(next) = (x..end).find(|x| differs(*x)) {
        // A gap in the style of the preceding text costs its letters; a jump costs four bytes or more.
        let gap = &wanted[x..next];
        if pen.is_at(x as u16, y) && gap.len() <= SHORT_GAP && gap.iter().all(|code| pen.suits(*code, alphabet)) {
            gap.iter().for_each(|code| pen.write(*code, alphabet, out));
        } else {
            pen.go_to(next as u16, y, out);
        }
        pen.write(wanted[next], alphabet, out);
        x = next + 1;
    }
    if erased {
        pen.go_to(text_end as u16, y, out);
        pen.reset(out);
        out.extend_from_slice(b"\x1b[K");
    }
}

/// Writes a row with wide characters completely: half of one cannot be overwritten.
fn write_whole(wanted: &[Code], y: u16, alphabet: &Alphabet, pen: &mut Pen, out: &mut Vec<u8>) {
    pen.go_to(0, y, out);
    pen.reset(out);
    out.extend_from_slice(b"\x1b[2K");
    let mut x = 0;
    while let Some(code) = wanted.get(x) {
        pen.go_to(x as u16, y, out);
        pen.write(*code, alphabet, out);
        if code.columns() != 1 {
            // Terminals disagree about the width of some characters.
            pen.position = None;
        }
        x += usize::from(code.columns().max(1));
    }
}

/// The position and style of the next character.
#[derive(Debug, Default)]
struct Pen {
    position: Option<Position>,
    style: usize,
}

impl Pen {
    fn is_at(&self, x: u16, y: u16) -> bool {
        self.position == Some(Position { x, y })
    }

    /// Whether a cell can be written without changing the style.
    fn suits(&self, code: Code, alphabet: &Alphabet) -> bool {
        code.style() == self.style || (code == BLANK && alphabet.hides_on_blank(self.style))
    }

    fn go_to(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        match self.position {
            Some(at) if at == (Position { x, y }) => return,
            Some(at) if at.y == y && at.x + 1 == x => out.extend_from_slice(b"\x1b[C"),
            Some(at) if at.y == y && at.x < x => put(out, format_args!("\x1b[{}C", x - at.x)),
            Some(at) if at.y + 1 == y && x == 0 => out.extend_from_slice(b"\r\n"),
            Some(at) if at.y + 1 == y && x == 1 => out.extend_from_slice(b"\r\n\x1b[C"),
            _ => put(out, format_args!("\x1b[{};{}H", y + 1, x + 1)),
        }
        self.position = Some(Position { x, y });
    }

    fn write(&mut self, code: Code, alphabet: &Alphabet, out: &mut Vec<u8>) {
        if !self.suits(code, alphabet) {
            if code.style() == 0 {
                out.extend_from_slice(b"\x1b[m");
            } else {
                let reset = if self.style == 0 { "" } else { "0;" };
                put(out, format_args!("\x1b[{reset}{}m", alphabet.sequence(code.style())));
            }
            self.style = code.style();
        }
        alphabet.write(code, out);
        self.position = self.position.map(|at| Position { x: at.x + 1, ..at });
    }

    fn reset(&mut self, out: &mut Vec<u8>) {
        if self.style != 0 {
            out.extend_from_slice(b"\x1b[m");
            self.style = 0;
        }
    }
}

/// Writing to memory cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

#[cfg(test)]
mod tests {
    use std::{num::NonZero, ops::Range};

    use proptest::prelude::*;
    use ratatui::{
        Terminal, TerminalOptions, Viewport,
        backend::CrosstermBackend,
        style::{Style as LineStyle, Stylize as _},
        text::{Line, Span},
    };

    use super::*;

    const SIZE: Size = Size { width: 30, height: 10 };

    #[test]
    fn a_terminal_that_claims_to_be_huge_is_drawn_on_in_part() {
        for (claimed, drawn) in [((80, 24), (80, 24)), ((0, 0), (0, 0)), ((u16::MAX, u16::MAX), (2_000, 1_000))] {
            assert_eq!(drawable(claimed), Size::from(drawn));
        }
    }

    fn fixed() -> TerminalOptions {
        TerminalOptions { viewport: Viewport::Fixed(SIZE.into()) }
    }

    /// Draws the frames one after another. Returns the terminal's final content, and the byte count of the last frame.
    fn draw(frames: &[Vec<Line<'static>>]) -> (vt100::Parser, usize) {
        let backend = DeltaBackend::new(Vec::new());
        backend.size.set(SIZE);
        let mut terminal = Terminal::with_options(backend, fixed()).unwrap();
        let (mut screen, mut last) = (screen(), 0);
        for lines in frames {
            terminal.draw(|frame| paint(lines, frame)).unwrap();
            let written = std::mem::take(&mut terminal.backend_mut().writer);
            screen.process(&written);
            last = written.len();
        }
        (screen, last)
    }

    fn screen() -> vt100::Parser {
        let cells = |count| NonZero::new(count).unwrap();
        vt100::Parser::new(cells(SIZE.height), cells(SIZE.width), 0)
    }

    fn paint(lines: &[Line<'static>], frame: &mut ratatui::Frame<'_>) {
        for (line, row) in lines.iter().zip(frame.area().rows()) {
            frame.render_widget(line, row);
        }
    }

    /// The result of ratatui's own backend for a frame.
    fn expected(lines: &[Line<'static>]) -> vt100::Parser {
        let mut written = Vec::new();
        let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut written), fixed()).unwrap();
        terminal.draw(|frame| paint(lines, frame)).unwrap();
        drop(terminal);
        let mut screen = screen();
        screen.process(&written);
        screen
    }

    /// The content of each cell. One that was never written to counts as blank.
    fn cells(parser: &vt100::Parser) -> Vec<String> {
        let look = |y, x| {
            let cell = parser.screen().cell(y, x).unwrap();
            let text = if cell.has_contents() { cell.contents() } else { " " };
            let ground = cell.bgcolor();
            if text == " " && !cell.underline() && !cell.inverse() {
                return format!("{ground:?}");
            }
            let marks = [cell.bold(), cell.dim(), cell.underline(), cell.inverse()];
            format!("{text} {:?} {ground:?} {marks:?}", cell.fgcolor())
        };
        (0..SIZE.height).flat_map(|y| (0..SIZE.width).map(move |x| look(y, x))).collect()
    }

    fn rows(numbers: Range<usize>, selected: usize) -> Vec<Line<'static>> {
        let line = |row: usize| {
            let line = Line::from(format!("{row} a row with its own text {}", row * 7919));
            if row == selected { line.reversed() } else { line }
        };
        numbers.map(line).collect()
    }

    #[test]
    fn a_list_that_scrolls_is_moved_by_the_terminal() {
        let (screen, bytes) = draw(&[rows(0..10, 4), rows(1..11, 5)]);
        assert_eq!(cells(&screen), cells(&expected(&rows(1..11, 5))));
        assert!(bytes < 200, "{bytes}");
        let (screen, bytes) = draw(&[rows(5..15, 9), rows(3..13, 8)]);
        assert_eq!(cells(&screen), cells(&expected(&rows(3..13, 8))));
        assert!(bytes < 260, "{bytes}");
    }

    #[test]
    fn a_bar_that_goes_to_the_next_row_costs_no_more_than_what_it_covers() {
        let rows = |selected: usize| -> Vec<Line<'static>> {
            let row = |row| {
                let name = Span::raw(format!("name {row} "));
                let name = if row == selected { name.reversed() } else { name };
                Line::from(vec![name, Span::raw("and a long remark").dim()])
            };
            (0..10).map(row).collect()
        };
        let (screen, bytes) = draw(&[rows(4), rows(5)]);
        assert_eq!(cells(&screen), cells(&expected(&rows(5))));
        assert!(bytes < 40, "{bytes}");
    }

    #[test]
    fn the_same_frame_again_writes_nothing() {
        assert_eq!(draw(&[rows(0..10, 4), rows(0..10, 4)]).1, 0);
    }

    #[test]
    fn what_follows_a_word_is_moved_when_the_word_gets_longer_or_shorter() {
        let row = |word: &'static str| {
            let end = Span::styled("b back  q quit", LineStyle::new().bold());
            vec![Line::default(), Line::from(vec![Span::raw(" "), Span::raw(word).reversed(), Span::raw(" "), end])]
        };
        for (before, after) in [("take", "leave here"), ("leave here", "take"), ("", "take"), ("take", "")] {
            let (screen, bytes) = draw(&[row(before), row(after)]);
            assert_eq!(cells(&screen), cells(&expected(&row(after))));
            assert!(bytes < 30 + after.len(), "{before} {after}: {bytes}");
        }
    }

    #[test]
    fn a_longer_text_is_wiped_in_one_go() {
        let (long, short) = (vec![Line::from("a text that is rather long")], vec![Line::from("a short")]);
        let (screen, bytes) = draw(&[long, short.clone()]);
        assert_eq!(cells(&screen), cells(&expected(&short)));
        assert!(bytes < 24, "{bytes}");
    }

    fn line() -> impl Strategy<Value = Line<'static>> {
        let style = prop_oneof![
            Just(LineStyle::new()),
            Just(LineStyle::new().bold()),
            Just(LineStyle::new().dim()),
            Just(LineStyle::new().dim().reversed()),
            Just(LineStyle::new().cyan().underlined()),
            Just(LineStyle::new().reversed()),
            Just(LineStyle::new().on_light_blue()),
        ];
        let span =
            ("[a-c ]{0,12}|[a-c\u{4e2d}\u{e9} ]{0,6}", style).prop_map(|(text, style)| Span::styled(text, style));
        // Half of the rows end alike, somewhere.
        let end = prop_oneof![Just(""), Just("the end of a row")].prop_map(|end| Span::raw(end).bold());
        (prop::collection::vec(span, 0..4), end).prop_map(|(spans, end)| spans.into_iter().chain([end]).collect())
    }

    proptest! {
        #[test]
        fn any_frame_after_any_other_shows_what_a_fresh_one_shows(
            lines in prop::collection::vec(line(), 1..16),
            pictures in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 10), 1..5),
            starts in prop::collection::vec(0usize..8, 1..5),
        ) {
            // Frames of the same lines, some of them moved.
            let picked = pictures.iter().map(|picture| picture.iter().map(|index| index.get(&lines).clone()).collect());
            let moved = starts.iter().map(|start| lines.iter().skip(*start).cloned().collect());
            let frames: Vec<Vec<Line<'static>>> = picked.chain(moved).collect();
            let (screen, _) = draw(&frames);
            prop_assert_eq!(cells(&screen), cells(&expected(frames.last().unwrap())));
        }
    }
}
