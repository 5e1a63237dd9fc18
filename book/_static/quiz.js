/* Quizzes, predictions and answer boxes. What was answered is shown again on the next visit
   (progress.js). Nothing leaves the browser; without scripts every explanation shows. */

const page = DOCUMENTATION_OPTIONS.pagename;

function askQuiz(quiz) {
  const why = [...quiz.querySelectorAll(".quiz-why")];
  const status = quiz.querySelector(".quiz-foot [role=status]");
  // Taken before the mathematics is set, while it still is text.
  const [, ...question] = quiz.querySelector(".quiz-question").children;
  const asked = question.map((part) => part.textContent).join(" ");
  const labels = new Map(
    [...quiz.querySelectorAll("label")].map((label) => [label.htmlFor, label.textContent]),
  );

  function judge(chosen, visit = "") {
    const right = chosen.value === "right";
    why.forEach((text) => (text.hidden = text.parentElement !== chosen.parentElement));
    status.textContent = (right ? "Right." : "Not this one. Read why, then try again.") + visit;
    return right;
  }

  why.forEach((text) => (text.hidden = true));
  quiz.querySelector(".quiz-foot button").addEventListener("click", () => {
    const chosen = quiz.querySelector("input:checked");
    if (!chosen) {
      status.textContent = "Choose an answer first.";
      return;
    }
    const [given, said] = [chosen.id, labels.get(chosen.id)];
    const answer = { kind: quiz.dataset.kind, asked, given, said, right: judge(chosen) };
    courseProgress.keep(page, quiz.id, answer);
  });

  const kept = courseProgress.read(page)[quiz.id];
  const chosen = kept && [...quiz.querySelectorAll("input")].find((one) => one.id === kept.given);
  if (chosen) {
    chosen.checked = true;
    judge(chosen, ` Your answer of ${courseProgress.day(kept.when)}.`);
  }
}

// "16,777,216", "6.4e8", "−0.14" with a typographic minus, and "1.678 e11" are all numbers.
function readNumber(text) {
  const plain = text.replace(/[\s,_]/g, "").replace("−", "-");
  return plain === "" ? NaN : Number(plain);
}

function askAnswer(form) {
  const why = form.querySelector(".answer-why");
  const status = form.querySelector("[role=status]");
  const input = form.querySelector("input");
  const asked = form.querySelector("label").textContent;
  const name = `${form.closest(".exercise")?.id ?? "text"}: ${asked}`;
  const { value, tolerance, hint } = form.dataset;

  function judge(visit = "") {
    const typed = readNumber(input.value);
    const right = Math.abs(typed - Number(value)) <= Number(tolerance);
    why.hidden = !right;
    if (Number.isNaN(typed)) status.textContent = "Type a number, such as 0.25 or 6.4e8.";
    else status.textContent = (right ? "Right." : `Not yet. ${hint}`) + visit;
    return Number.isNaN(typed) ? null : right;
  }

  why.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const right = judge();
    const given = input.value;
    if (right !== null)
      courseProgress.keep(page, name, { kind: "answer", asked, given, said: given, right });
  });

  const kept = courseProgress.read(page)[name];
  if (kept) {
    input.value = kept.given;
    judge(` Your answer of ${courseProgress.day(kept.when)}.`);
  }
}

document.querySelectorAll(".quiz").forEach(askQuiz);
document.querySelectorAll("form.answer").forEach(askAnswer);
