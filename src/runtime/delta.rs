//! Draws frames with few bytes, for slow lines: what moved up or down is moved by the terminal, and of the rest only
//! what changed is written.
//!
//! ratatui's own backend writes each changed cell where it is. A list that scrolls by a row is then a whole screen, and
//! where two texts share a letter the cursor jumps over it, which takes eight times the bytes of the letter.

use std::{
    cell::Cell as Remembered,
    io::{self, Write},
    ops::Range,
};

use crossterm::{
    cursor, queue,
    style::{Color, Colored},
    terminal,
};
use ratatui::{
    backend::{Backend, ClearType, IntoCrossterm as _, WindowSize},
    buffer::{Buffer, Cell},
    layout::{Position, Rect, Size},
    style::{Color as CellColor, Modifier},
};
use unicode_width::UnicodeWidthStr as _;

/// Frames that change fewer cells than this are written as they are.
const WORTH_MOVING: usize = 80;

/// What moving rows costs, in bytes.
const MOVE_COST: isize = 24;

/// How often rows are moved in one frame: an entry that closes and one that opens move the rows between them and below.
const MOVES: usize = 3;

/// So many unchanged cells are written again rather than jumped over.
const SHORT_GAP: usize = 4;

/// So many cells are written as spaces rather than erased.
const SHORT_END: usize = 3;

/// The columns at the right that a row may differ in and still be taken for the same.
const MARKS: usize = 2;

/// What shows on a cell without a letter.
const SHOWS_ON_BLANK: Modifier = Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// Draws by what changed since the frame before.
#[derive(Debug)]
pub(super) struct DeltaBackend<W> {
    writer: W,
    /// What the terminal shows.
    shown: Buffer,
    /// What it shall show.
    wanted: Buffer,
    /// The newest answer to how large the terminal is: ratatui's own buffers have that size.
    size: Remembered<Size>,
    cursor: Position,
    /// Whether the cursor can be seen, if known.
    cursor_shown: Option<bool>,
}

impl<W: Write> DeltaBackend<W> {
    /// A backend for a terminal that is blank.
    pub(super) fn new(writer: W) -> Self {
        Self {
            writer,
            shown: Buffer::default(),
            wanted: Buffer::default(),
            size: Remembered::default(),
            cursor: Position::ORIGIN,
            cursor_shown: None,
        }
    }

    /// The terminal is blank.
    fn forget(&mut self) {
        self.cursor_shown = None;
        let area = Rect::from(self.size.get());
        self.shown = Buffer::empty(area);
        self.wanted = Buffer::empty(area);
    }

    /// Moves the rows that are worth it.
    fn move_rows(&mut self, out: &mut Vec<u8>) {
        for _ in 0..MOVES {
            let Some(shift) = Shift::best(&self.shown, &self.wanted) else { return };
            shift.write(out);
            shift.apply(&mut self.shown);
        }
    }

    /// Writes what differs in a row.
    fn write_row(&mut self, y: u16, pen: &mut Pen, out: &mut Vec<u8>) {
        let cells = row(&self.wanted, y);
        let (wanted, shown) = (&self.wanted.content[cells.clone()], &mut self.shown.content[cells]);
        if wanted == &*shown {
            return;
        }
        if wanted.iter().chain(&*shown).all(is_narrow) {
            write_narrow(wanted, shown, y, pen, out);
        } else {
            write_whole(wanted, y, pen, out);
        }
        shown.clone_from_slice(wanted);
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
        if self.wanted.area.as_size() != self.size.get() {
            self.forget();
        }
        let mut changed = 0;
        for (x, y, cell) in content {
            changed += 1;
            for x in x..x.saturating_add(columns(cell)) {
                if let Some(place) = self.wanted.cell_mut((x, y)) {
                    *place = Cell::EMPTY;
                }
            }
            if let Some(place) = self.wanted.cell_mut((x, y)) {
                *place = visible(cell);
            }
        }
        let mut out = Vec::with_capacity(4096);
        if changed >= WORTH_MOVING {
            self.move_rows(&mut out);
        }
        if changed > 0 {
            let mut pen = Pen::default();
            for y in 0..self.wanted.area.height {
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

    /// Where it was put last. The terminal is never asked anything.
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

    /// A full-screen program clears all or nothing.
    fn clear_region(&mut self, _: ClearType) -> io::Result<()> {
        self.clear()
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = terminal::size()?;
        let size = Size { width, height };
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

/// The cells of a row.
fn row(buffer: &Buffer, y: u16) -> Range<usize> {
    let width = usize::from(buffer.area.width);
    let start = usize::from(y) * width;
    start..start + width
}

fn columns(cell: &Cell) -> u16 {
    let symbol = cell.symbol();
    if symbol.len() == 1 { 1 } else { symbol.width() as u16 }
}

fn is_narrow(cell: &Cell) -> bool {
    columns(cell) == 1
}

/// The cell without the part of its style that does not show.
fn visible(cell: &Cell) -> Cell {
    if cell.symbol() != " " || cell.modifier.intersects(SHOWS_ON_BLANK) {
        return cell.clone();
    }
    let mut blank = Cell::EMPTY;
    blank.set_bg(cell.bg);
    blank
}

fn is_blank(cell: &Cell) -> bool {
    *cell == Cell::EMPTY
}

/// Writes the cells that differ, all of them one column wide.
fn write_narrow(wanted: &[Cell], shown: &[Cell], y: u16, pen: &mut Pen, out: &mut Vec<u8>) {
    let differs = |x: usize| wanted[x] != shown[x];
    // From here on the row is blank; where that takes away some text, one sequence does.
    let text_end = wanted.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
    let erased = (text_end..shown.len()).filter(|x| differs(*x)).count() > SHORT_END;
    let end = if erased { text_end } else { wanted.len() };
    let mut x = 0;
    while let Some(next) = (x..end).find(|x| differs(*x)) {
        // A gap in the style of the text before it costs its letters; a jump costs four bytes or more.
        let gap = &wanted[x..next];
        if pen.is_at(x as u16, y) && gap.len() <= SHORT_GAP && gap.iter().all(|cell| pen.suits(cell)) {
            gap.iter().for_each(|cell| pen.write(cell, out));
        } else {
            pen.go_to(next as u16, y, out);
        }
        pen.write(&wanted[next], out);
        x = next + 1;
    }
    if erased {
        pen.go_to(text_end as u16, y, out);
        pen.reset(out);
        out.extend_from_slice(b"\x1b[K");
    }
}

/// Writes a row with wide characters, all of it: half of one cannot be written over.
fn write_whole(wanted: &[Cell], y: u16, pen: &mut Pen, out: &mut Vec<u8>) {
    pen.go_to(0, y, out);
    pen.reset(out);
    out.extend_from_slice(b"\x1b[2K");
    let mut x = 0;
    while let Some(cell) = wanted.get(x) {
        pen.go_to(x as u16, y, out);
        pen.write(cell, out);
        let columns = columns(cell);
        if columns != 1 {
            // Terminals do not agree about the width of all characters.
            pen.position = None;
        }
        x += usize::from(columns.max(1));
    }
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Style {
    text: CellColor,
    ground: CellColor,
    modifier: Modifier,
}

impl Default for Style {
    fn default() -> Self {
        Self::of(&Cell::EMPTY)
    }
}

impl Style {
    fn of(cell: &Cell) -> Self {
        Self { text: cell.fg, ground: cell.bg, modifier: cell.modifier }
    }

    /// The codes that turn it on.
    fn codes(self) -> Vec<String> {
        const CODES: [(Modifier, &str); 9] = [
            (Modifier::BOLD, "1"),
            (Modifier::DIM, "2"),
            (Modifier::ITALIC, "3"),
            (Modifier::UNDERLINED, "4"),
            (Modifier::SLOW_BLINK, "5"),
            (Modifier::RAPID_BLINK, "6"),
            (Modifier::REVERSED, "7"),
            (Modifier::HIDDEN, "8"),
            (Modifier::CROSSED_OUT, "9"),
        ];
        let plain = Self::default();
        let colour = |colour: CellColor, colored: fn(Color) -> Colored| colored(colour.into_crossterm()).to_string();
        let modifiers = CODES.iter().filter(|(modifier, _)| self.modifier.contains(*modifier));
        modifiers
            .map(|(_, code)| (*code).to_owned())
            .chain((self.text != plain.text).then(|| short(colour(self.text, Colored::ForegroundColor), "38;5;", 30)))
            .chain(
                (self.ground != plain.ground)
                    .then(|| short(colour(self.ground, Colored::BackgroundColor), "48;5;", 40)),
            )
            .collect()
    }
}

/// The first eight colours have codes of their own, which every terminal knows.
fn short(code: String, palette: &str, first: u8) -> String {
    match code.strip_prefix(palette).and_then(|number| number.parse::<u8>().ok()) {
        Some(number) if number < 8 => (first + number).to_string(),
        _ => code,
    }
}

/// Where the next character goes, and how it will look.
#[derive(Debug, Default)]
struct Pen {
    position: Option<Position>,
    style: Style,
}

impl Pen {
    fn is_at(&self, x: u16, y: u16) -> bool {
        self.position == Some(Position { x, y })
    }

    /// Whether a cell can be written without changing the style.
    fn suits(&self, cell: &Cell) -> bool {
        let shows_nothing =
            self.style.ground == Style::default().ground && !self.style.modifier.intersects(SHOWS_ON_BLANK);
        Style::of(cell) == self.style || (is_blank(cell) && shows_nothing)
    }

    fn go_to(&mut self, x: u16, y: u16, out: &mut Vec<u8>) {
        match self.position {
            Some(at) if at == (Position { x, y }) => return,
            Some(at) if at.y == y && at.x < x => put(out, format_args!("\x1b[{}C", x - at.x)),
            Some(at) if at.y + 1 == y && x == 0 => out.extend_from_slice(b"\r\n"),
            Some(at) if at.y + 1 == y && x == 1 => out.extend_from_slice(b"\r\n\x1b[C"),
            _ => put(out, format_args!("\x1b[{};{}H", y + 1, x + 1)),
        }
        self.position = Some(Position { x, y });
    }

    fn write(&mut self, cell: &Cell, out: &mut Vec<u8>) {
        if !self.suits(cell) {
            let (style, plain) = (Style::of(cell), Style::default());
            if style == plain {
                out.extend_from_slice(b"\x1b[m");
            } else {
                let reset = if self.style == plain { "" } else { "0;" };
                put(out, format_args!("\x1b[{reset}{}m", style.codes().join(";")));
            }
            self.style = style;
        }
        out.extend_from_slice(cell.symbol().as_bytes());
        self.position = self.position.map(|at| Position { x: at.x + 1, ..at });
    }

    fn reset(&mut self, out: &mut Vec<u8>) {
        if self.style != Style::default() {
            out.extend_from_slice(b"\x1b[m");
            self.style = Style::default();
        }
    }
}

/// Writing into memory cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
}

/// Rows that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shift {
    /// The rows that take part, those that become blank included.
    rows: Range<usize>,
    /// How far.
    by: usize,
    /// Whether they moved towards the first row.
    up: bool,
}

impl Shift {
    /// The move that saves most, if one saves anything. What it does not get right is written afterwards.
    fn best(shown: &Buffer, wanted: &Buffer) -> Option<Self> {
        let rows = Rows::of(shown, wanted);
        let height = rows.shown.len();
        let moves = (1..height).flat_map(|by| [(by, true), (by, false)]);
        let (saved, shift) = moves.filter_map(|(by, up)| rows.best_of(by, up)).max_by_key(|(saved, _)| *saved)?;
        (saved > MOVE_COST).then_some(shift)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (first, last, letter) = (self.rows.start + 1, self.rows.end, if self.up { 'M' } else { 'L' });
        put(out, format_args!("\x1b[{first};{last}r\x1b[{first};1H\x1b[{}{letter}\x1b[r", self.by));
    }

    fn apply(&self, shown: &mut Buffer) {
        let width = usize::from(shown.area.width);
        let cells = &mut shown.content[self.rows.start * width..self.rows.end * width];
        let by = self.by * width;
        let blank = if self.up {
            cells.rotate_left(by);
            cells.len() - by..cells.len()
        } else {
            cells.rotate_right(by);
            0..by
        };
        cells[blank].fill(Cell::EMPTY);
    }
}

/// What is known of the rows of two pictures. Two rows with the same number are taken for equal; if they are not, a
/// move saves less than it seemed to.
struct Rows {
    shown: Vec<u64>,
    wanted: Vec<u64>,
    /// What it takes to write a row of the wanted picture over the one that is there.
    changes: Vec<isize>,
    /// What it takes to write it on a blank row.
    lengths: Vec<isize>,
}

impl Rows {
    fn of(shown: &Buffer, wanted: &Buffer) -> Self {
        let rows = || (0..wanted.area.height).map(|y| row(wanted, y));
        let count =
            |cells: Range<usize>, counts: &dyn Fn(usize) -> bool| cells.filter(|at| counts(*at)).count() as isize;
        Self {
            shown: rows().map(|cells| fingerprint(&shown.content[cells])).collect(),
            wanted: rows().map(|cells| fingerprint(&wanted.content[cells])).collect(),
            changes: rows().map(|cells| count(cells, &|at| shown.content[at] != wanted.content[at])).collect(),
            lengths: rows().map(|cells| extent(&wanted.content[cells])).collect(),
        }
    }

    /// The run of rows for which a move by `by` saves most, and how much.
    fn best_of(&self, by: usize, up: bool) -> Option<(isize, Shift)> {
        let height = self.wanted.len();
        let (mut best, mut start, mut sum) = (None, 0, 0);
        for at in 0..height - by {
            // Numbers of the row in the wanted picture and in the shown one.
            let (to, from) = if up { (at, at + by) } else { (at + by, at) };
            if sum <= 0 {
                (start, sum) = (at, 0);
            }
            let is_there = self.shown[from] == self.wanted[to];
            sum += if is_there { self.changes[to] } else { (self.changes[to] - self.lengths[to]).min(0) };
            let rows = start..at + 1 + by;
            let blank = if up { at + 1..rows.end } else { rows.start..rows.start + by };
            let saved = sum - blank.map(|row| (self.lengths[row] - self.changes[row]).max(0)).sum::<isize>();
            if best.as_ref().is_none_or(|(most, _)| saved > *most) {
                best = Some((saved, Shift { rows, by, up }));
            }
        }
        best
    }
}

/// How many cells the text of a row takes, from its first letter to its last.
fn extent(cells: &[Cell]) -> isize {
    let first = cells.iter().position(|cell| !is_blank(cell)).unwrap_or_default();
    let last = cells.iter().rposition(|cell| !is_blank(cell)).map_or(first, |last| last + 1);
    (last - first) as isize
}

/// A number for what a row shows. Not of its last columns: the first and the last row of a list have marks there.
fn fingerprint(cells: &[Cell]) -> u64 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325;
    for cell in &cells[..cells.len().saturating_sub(MARKS)] {
        for byte in cell.symbol().bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        }
        hash = (hash ^ u64::from(cell.modifier.bits())).wrapping_mul(PRIME);
    }
    hash
}

#[cfg(test)]
mod tests {
    use std::num::NonZero;

    use proptest::prelude::*;
    use ratatui::{
        Terminal, TerminalOptions, Viewport,
        backend::CrosstermBackend,
        style::{Style as LineStyle, Stylize as _},
        text::{Line, Span},
    };

    use super::*;

    const SIZE: Size = Size { width: 30, height: 10 };

    fn fixed() -> TerminalOptions {
        TerminalOptions { viewport: Viewport::Fixed(SIZE.into()) }
    }

    /// Draws the frames one after the other. Returns what the terminal shows then, and the bytes of the last one.
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

    /// What ratatui's own backend makes of a frame.
    fn expected(lines: &[Line<'static>]) -> vt100::Parser {
        let mut written = Vec::new();
        let mut terminal = Terminal::with_options(CrosstermBackend::new(&mut written), fixed()).unwrap();
        terminal.draw(|frame| paint(lines, frame)).unwrap();
        drop(terminal);
        let mut screen = screen();
        screen.process(&written);
        screen
    }

    /// What each cell shows. One that was never written to shows what a blank one shows.
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
    fn the_same_frame_again_writes_nothing() {
        assert_eq!(draw(&[rows(0..10, 4), rows(0..10, 4)]).1, 0);
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
            Just(LineStyle::new().cyan().underlined()),
            Just(LineStyle::new().reversed()),
            Just(LineStyle::new().on_light_blue()),
        ];
        let span =
            ("[a-c ]{0,12}|[a-c\u{4e2d}\u{e9} ]{0,6}", style).prop_map(|(text, style)| Span::styled(text, style));
        prop::collection::vec(span, 0..4).prop_map(Line::from)
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
