// Quizzes and answer boxes. Nothing leaves the page; without this script every explanation shows.

function askQuiz(quiz) {
  const why = [...quiz.querySelectorAll(".quiz-why")];
  const status = quiz.querySelector(".quiz-foot [role=status]");
  why.forEach((text) => (text.hidden = true));
  quiz.querySelector(".quiz-foot button").addEventListener("click", () => {
    const chosen = quiz.querySelector("input:checked");
    if (!chosen) {
      status.textContent = "Choose an answer first.";
      return;
    }
    const right = chosen.value === "right";
    why.forEach((text) => (text.hidden = text.parentElement !== chosen.parentElement));
    status.textContent = right ? "Right." : "Not this one. Read why, then try again.";
  });
}

// "16,777,216", "6.4e8", "−0.14" with a typographic minus, and "1.678 e11" are all numbers.
function readNumber(text) {
  const plain = text.replace(/[\s,_]/g, "").replace("−", "-");
  return plain === "" ? NaN : Number(plain);
}

function askAnswer(form) {
  const why = form.querySelector(".answer-why");
  const status = form.querySelector("[role=status]");
  const { value, tolerance, hint } = form.dataset;
  why.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = readNumber(form.querySelector("input").value);
    const right = Math.abs(typed - Number(value)) <= Number(tolerance);
    why.hidden = !right;
    if (Number.isNaN(typed)) status.textContent = "Type a number, such as 0.25 or 6.4e8.";
    else status.textContent = right ? "Right." : `Not yet. ${hint}`;
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll(".quiz").forEach(askQuiz);
  document.querySelectorAll("form.answer").forEach(askAnswer);
});
