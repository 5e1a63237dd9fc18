"""How many windows fit."""

import math

from coursepkg.mistakes.registry import mistake


@mistake(
    "CV14",
    of="conv_output_size",
    symptom="The quotient is rounded up: a window is counted that hangs over the edge.",
    question="May the last window read pixels that are not there?",
    section="9.5",
    affects=("out",),
    hidden_when="The windows fit without a rest.",
)
def rounded_up(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    return math.ceil((size + 2 * padding - reach) / stride) + 1


@mistake(
    "CV25",
    of="conv_output_size",
    symptom="The size is a fraction wherever the windows leave a rest.",
    question="What is half a window?",
    section="9.5",
    affects=("out",),
)
def true_division(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) / stride + 1


@mistake(
    "CV22",
    of="conv_output_size",
    symptom="One window too few: the first is not counted.",
    question="How many windows fit if the kernel is as large as the image?",
    section="9.5",
    affects=("out",),
)
def first_window_forgotten(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    return (size + 2 * padding - reach) // stride


@mistake(
    "CV23",
    of="conv_output_size",
    symptom="The padding is counted on one side only.",
    question="On how many sides is an image padded?",
    section="9.5",
    affects=("out",),
    hidden_when="There is no padding.",
)
def padded_on_one_side(size, kernel_size, stride=1, padding=0, dilation=1):
    reach = dilation * (kernel_size - 1) + 1
    return (size + padding - reach) // stride + 1
