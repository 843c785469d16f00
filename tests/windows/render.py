"""Pictures of what a program wrote to its terminal: render.py TERMINAL COLUMNSxROWS FOLDER [SHEET]

Each mark of drive.c becomes FOLDER/NAME.txt and, if Pillow is there, FOLDER/NAME.png. What is on the normal screen at the
end is FOLDER/end.txt. SHEET, an SVG file, gets all pictures, two in a row.
"""

import html
import re
import sys

import pyte

source, size, folder = sys.argv[1:4]
sheet = sys.argv[4] if len(sys.argv) > 4 else None
columns, rows = (int(part) for part in size.split("x"))
try:
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 14)
except (ImportError, OSError):
    Image = None

TEXT, GROUND = "#d0d0d0", "#101010"
NAMES = {
    "black": "#000000", "red": "#e05050", "green": "#50c050", "brown": "#d0b040", "blue": "#5080e0",
    "magenta": "#c060c0", "cyan": "#40b0b0", "white": "#f0f0f0",
    "brightblack": "#808080", "brightred": "#ff7070", "brightgreen": "#70e070", "brightyellow": "#ffe060",
    "brightblue": "#80a0ff", "brightmagenta": "#e080e0", "brightcyan": "#60d0d0", "brightwhite": "#ffffff",
}


class Screen(pyte.Screen):
    def delete_lines(self, count=None):
        """pyte leaves a row as it was if a blank one moves to its place."""
        for y in range(self.lines):
            self.buffer[y]
        super().delete_lines(count)


def colour(name, default):
    if name == "default":
        return default
    return NAMES.get(name) or ("#" + name if re.fullmatch("[0-9a-f]{6}", name) else default)


def look(cell):
    """Foreground, background and weight of a cell."""
    front, back = colour(cell.fg, TEXT), colour(cell.bg, GROUND)
    return (back, front, cell.bold) if cell.reverse else (front, back, cell.bold)


def text(screen):
    return "\n".join(line.rstrip() for line in screen.display).rstrip() + "\n"


def picture(screen, name):
    with open(f"{folder}/{name}.txt", "w", encoding="utf-8") as file:
        file.write(text(screen))
    drawings.append((name, drawing(screen)))
    if Image is None:
        return
    width, height = 8.43, 17
    image = Image.new("RGB", (int(columns * width) + 8, rows * height + 8), GROUND)
    draw = ImageDraw.Draw(image)
    for y in range(rows):
        for x in range(columns):
            cell = screen.buffer[y][x]
            front, back, bold = look(cell)
            left, top = 4 + x * width, 4 + y * height
            if back != GROUND:
                draw.rectangle((left, top, left + width, top + height), fill=back)
            if cell.data.strip():
                draw.text((left, top), cell.data, font=font, fill=front)
                if bold:
                    draw.text((left + 0.6, top), cell.data, font=font, fill=front)
    image.save(f"{folder}/{name}.png")


# Of a cell in the sheet.
WIDTH, HEIGHT = 8, 17


def drawing(screen):
    """A screen as SVG: one text for each run of cells that look alike."""
    parts = []
    for y in range(rows):
        x = 0
        while x < columns:
            start, seen = x, look(screen.buffer[y][x])
            while x < columns and look(screen.buffer[y][x]) == seen:
                x += 1
            run = "".join(screen.buffer[y][at].data for at in range(start, x))
            front, back, bold = seen
            if back != GROUND:
                parts.append(f'<rect x="{start * WIDTH}" y="{y * HEIGHT}" width="{(x - start) * WIDTH}" height="{HEIGHT}" fill="{back}"/>')
            # Columns stay where they are, whatever font there is.
            for found in re.finditer(r"\S+(?: \S+)*", run):
                words, left = found.group(), (start + found.start()) * WIDTH
                fill = "" if front == TEXT else f' fill="{front}"'
                weight = ' font-weight="bold"' if bold else ""
                length = f' textLength="{len(words) * WIDTH}"' if len(words) > 1 else ""
                parts.append(f'<text x="{left}" y="{y * HEIGHT + 13}"{length}{fill}{weight}>{html.escape(words, quote=False)}</text>')
    return "\n".join(parts)


def draw_sheet():
    wide, high, gap = columns * WIDTH, rows * HEIGHT, 24
    lines = (len(drawings) + 1) // 2
    whole = (2 * wide + 3 * gap, lines * (high + 2 * gap) + gap)
    with open(sheet, "w", encoding="utf-8") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole[0]}" height="{whole[1]}" viewBox="0 0 {whole[0]} {whole[1]}">\n')
        file.write("<style>text { font: 13px 'DejaVu Sans Mono', Consolas, monospace }</style>\n")
        file.write(f'<rect width="100%" height="100%" fill="#404040"/>\n<g fill="{TEXT}">\n')
        for number, (name, parts) in enumerate(drawings):
            left, top = gap + number % 2 * (wide + gap), gap + number // 2 * (high + 2 * gap)
            file.write(f'<g transform="translate({left} {top})">\n<text y="13">{number + 1} {name}</text>\n')
            file.write(f'<g transform="translate(0 {gap})">\n<rect width="{wide}" height="{high}" fill="{GROUND}"/>\n{parts}\n</g>\n</g>\n')
        file.write("</g>\n</svg>\n")


drawings = []
normal, full = pyte.Screen(columns, rows), Screen(columns, rows)
# The console begins a new line at its beginning.
normal.set_mode(pyte.modes.LNM)
streams = {id(normal): pyte.Stream(normal), id(full): pyte.Stream(full)}
current = normal
with open(source, "rb") as file:
    written = file.read().decode("utf-8", "replace")
for part in re.split("(\x1b\\[\\?1049[hl]|\x1b\\]picture;[a-z0-9-]+\x07)", written):
    if part == "\x1b[?1049h":
        current = full
    elif part == "\x1b[?1049l":
        current = normal
    elif part.startswith("\x1b]picture;"):
        picture(current, part[10:-1])
    else:
        streams[id(current)].feed(re.sub("\x1b\\[\\?2026[hl]", "", part))
with open(f"{folder}/end.txt", "w", encoding="utf-8") as file:
    file.write(text(normal))
if sheet:
    draw_sheet()
