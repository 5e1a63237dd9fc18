"""Digits drawn with a pen: strokes on a pad of 64 x 64, as arcs and corners, by their label."""

from math import cos, radians, sin

from coursepkg.widgets.digit_pad import text_of

Stroke = list[tuple[int, int]]


def arc(middle: tuple[int, int], radii: tuple[int, int], start: int, end: int) -> Stroke:
    """Places on an ellipse, from one angle to another; 0 is right, 90 is down."""
    angles = [radians(start + k * (end - start) / 16) for k in range(17)]
    (x, y), (a, b) = middle, radii
    return [(round(x + a * cos(angle)), round(y + b * sin(angle))) for angle in angles]


DRAWINGS: dict[int, list[list[Stroke]]] = {
    0: [[arc((32, 32), (15, 22), -90, 270)], [arc((32, 32), (10, 24), -60, 310)]],
    1: [[[(32, 8), (32, 56)]], [[(22, 20), (34, 8), (34, 56)]]],
    2: [
        [[*arc((32, 20), (13, 12), 180, 390), (20, 54), (46, 54)]],
        [[*arc((31, 20), (12, 12), 200, 400), (18, 52), (24, 48), (34, 54), (46, 52)]],
    ],
    3: [
        [arc((30, 19), (13, 11), 200, 430) + arc((30, 42), (15, 13), -80, 160)],
        [[(18, 9), (44, 9), (28, 27), *arc((29, 42), (15, 14), -80, 150)]],
    ],
    4: [
        [[(36, 8), (16, 38), (48, 38)], [(38, 24), (38, 56)]],
        [[(40, 56), (40, 8), (16, 40), (50, 40)]],
    ],
    5: [
        [[(44, 9), (22, 9), (20, 28), *arc((30, 40), (15, 15), -110, 140)]],
        [[(22, 9), (21, 28), *arc((30, 41), (14, 14), -100, 140)], [(22, 9), (44, 9)]],
    ],
    6: [
        [[(40, 8), (28, 16), (20, 32), *arc((32, 42), (13, 13), 180, -180)]],
        [[(30, 8), (20, 28), (18, 44), *arc((31, 44), (12, 11), 180, -170)]],
    ],
    7: [[[(16, 10), (46, 10), (28, 56)], [(22, 32), (44, 32)]], [[(16, 10), (46, 10), (28, 56)]]],
    8: [[arc((32, 20), (11, 12), 90, -270) + arc((32, 44), (14, 12), -90, 270)]],
    9: [
        [[*arc((30, 22), (12, 13), 0, 360), (42, 22), (41, 40), (36, 56)]],
        [[*arc((30, 20), (11, 12), -20, 340), (42, 16), (42, 56)]],
    ],
}

OTHER_FORMS = {1: [[(24, 18), (33, 9), (31, 56)], [(20, 56), (44, 56)]]} | {
    4: [[(20, 8), (18, 32), (44, 32)], [(42, 8), (42, 56)]]
}
"""A 1 with a foot and a 4 with an open top, which the writers of the data set did not use."""


def small(strokes: list[Stroke]) -> list[Stroke]:
    """The same, a third as large, in a corner."""
    return [[(40 + x // 3, 42 + y // 3) for x, y in stroke] for stroke in strokes]


TEXTS = [(label, text_of(strokes)) for label, every in DRAWINGS.items() for strokes in every]
