"""Pictures of what a program wrote to its terminal: render.py TERMINAL COLUMNSxROWS FOLDER

Each mark of drive.c becomes FOLDER/NAME.txt and, if Pillow is there, FOLDER/NAME.png. What is on the normal screen at the
end is FOLDER/end.txt.
"""

import re
import sys

import pyte

source, size, folder = sys.argv[1:4]
columns, rows = (int(part) for part in size.split("x"))
try:
    from PIL import Image, ImageDraw, ImageFont

    font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 14)
except (ImportError, OSError):
    Image = None

NAMES = {
    "black": "#000000", "red": "#e05050", "green": "#50c050", "brown": "#d0b040", "blue": "#5080e0",
    "magenta": "#c060c0", "cyan": "#40b0b0", "white": "#f0f0f0",
    "brightblack": "#808080", "brightred": "#ff7070", "brightgreen": "#70e070", "brightyellow": "#ffe060",
    "brightblue": "#80a0ff", "brightmagenta": "#e080e0", "brightcyan": "#60d0d0", "brightwhite": "#ffffff",
}


def colour(name, default):
    if name == "default":
        return default
    return NAMES.get(name) or ("#" + name if re.fullmatch("[0-9a-f]{6}", name) else default)


def text(screen):
    return "\n".join(line.rstrip() for line in screen.display).rstrip() + "\n"


def picture(screen, name):
    with open(f"{folder}/{name}.txt", "w", encoding="utf-8") as file:
        file.write(text(screen))
    if Image is None:
        return
    width, height = 8.43, 17
    image = Image.new("RGB", (int(columns * width) + 8, rows * height + 8), "#101010")
    draw = ImageDraw.Draw(image)
    for y in range(rows):
        for x in range(columns):
            cell = screen.buffer[y][x]
            front, back = colour(cell.fg, "#d0d0d0"), colour(cell.bg, "#101010")
            if cell.reverse:
                front, back = back, front
            left, top = 4 + x * width, 4 + y * height
            if back != "#101010":
                draw.rectangle((left, top, left + width, top + height), fill=back)
            if cell.data.strip():
                draw.text((left, top), cell.data, font=font, fill=front, stroke_width=int(cell.bold) and 0)
                if cell.bold:
                    draw.text((left + 0.6, top), cell.data, font=font, fill=front)
    image.save(f"{folder}/{name}.png")


normal, full = pyte.Screen(columns, rows), pyte.Screen(columns, rows)
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
