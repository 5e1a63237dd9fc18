/* The box "Your progress": counts by chapter, and the answers as a file, as text, from a file,
   or gone. The rows and the totals are written by the directive {progress}. */

const KINDS = { predict: "Guessed", quiz: "Quiz", answer: "Numbers" };

/* A prediction counts when it was made: being wrong is what it is for. */
const counts = (record) => record.kind === "predict" || record.right;

function countInto(row, records) {
  for (const cell of row.querySelectorAll("td[data-kind]")) {
    const mine = Object.values(records).filter((record) => record.kind === cell.dataset.kind);
    const done = Math.min(mine.filter(counts).length, Number(cell.dataset.all));
    if (Number(cell.dataset.all)) cell.textContent = `${done} of ${cell.dataset.all}`;
    cell.dataset.done = done;
  }
}

function addUp(table) {
  for (const cell of table.querySelectorAll("tfoot td[data-kind]")) {
    const column = [...table.querySelectorAll(`tbody td[data-kind="${cell.dataset.kind}"]`)];
    const sum = (what) => column.reduce((total, one) => total + Number(one.dataset[what]), 0);
    cell.textContent = `${sum("done")} of ${sum("all")}`;
  }
}

function lastAnswer(pages) {
  const all = Object.entries(pages).flatMap(([page, records]) =>
    Object.values(records).map((record) => ({ page, when: record.when })),
  );
  return all.sort((a, b) => (a.when < b.when ? 1 : -1))[0];
}

function tellLast(box, pages) {
  const place = box.querySelector(".progress-last");
  const last = lastAnswer(pages);
  const link = last && box.querySelector(`tr[data-page="${CSS.escape(last.page)}"] a`);
  if (!link) {
    place.textContent = last ? "" : "Nothing answered yet in this browser.";
    return;
  }
  place.replaceChildren(`Your last answer, of ${courseProgress.day(last.when)}, is in `, link.cloneNode(true), ".");
}

function verdict(record) {
  if (!record.right) return record.kind === "predict" ? "guessed otherwise" : "not yet right";
  if (record.first) return "right at the first try";
  return `right after ${record.tries} tries`;
}

/* What one prints, or hands in: a line for each answer, by chapter. */
function asText(box, pages) {
  const lines = [`${box.dataset.title}: my answers`, `Saved on ${courseProgress.day(new Date())}`, ""];
  for (const row of box.querySelectorAll("tbody tr")) {
    const records = Object.values(pages[row.dataset.page] ?? {});
    if (!records.length) continue;
    const cells = [...row.querySelectorAll("td[data-kind]")].filter((cell) => cell.textContent);
    const told = cells.map((cell) => `${KINDS[cell.dataset.kind]} ${cell.textContent}`);
    lines.push(row.querySelector("a").textContent, told.join(" · "), "");
    for (const kind of Object.keys(KINDS))
      for (const record of records.filter((one) => one.kind === kind))
        lines.push(`- ${record.asked}`, `  ${record.said} (${verdict(record)})`);
    lines.push("");
  }
  return lines.join("\n");
}

function hand(text, name, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function bringBox(box) {
  const status = box.querySelector("[role=status]");
  const button = (name) => box.querySelector(`button[data-do="${name}"]`);
  const table = box.querySelector("table");

  function refresh() {
    const pages = courseProgress.pages();
    for (const row of table.querySelectorAll("tbody tr"))
      countInto(row, pages[row.dataset.page] ?? {});
    addUp(table);
    tellLast(box, pages);
  }

  function sureToErase(sure) {
    button("erase").dataset.sure = sure;
    button("erase").textContent = sure ? "Erase all answers for good" : "Erase";
  }

  button("save").addEventListener("click", () => {
    hand(courseProgress.toFile(), "progress.json", "application/json");
    status.textContent = "Saved as progress.json.";
  });
  button("text").addEventListener("click", () => {
    hand(asText(box, courseProgress.pages()), "progress.txt", "text/plain;charset=utf-8");
    status.textContent = "Saved as progress.txt, ready to print.";
  });
  button("erase").addEventListener("click", () => {
    if (button("erase").dataset.sure !== "true") return sureToErase(true);
    courseProgress.erase();
    sureToErase(false);
    refresh();
    status.textContent = "Erased. Nothing is kept.";
  });
  button("erase").addEventListener("blur", () => sureToErase(false));
  box.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    try {
      courseProgress.fromFile(await file.text());
      status.textContent = `Added what ${file.name} holds.`;
    } catch {
      status.textContent = `${file.name} holds no answers of this book. Nothing was changed.`;
    }
    event.target.value = "";
    refresh();
  });

  addEventListener("storage", refresh); // answered in another tab
  addEventListener("pageshow", refresh); // back from a chapter
  box.querySelector(".progress-still").hidden = true;
  box.querySelector(".progress-alive").hidden = false;
  if (!courseProgress.keeps) status.textContent = "This browser keeps nothing between pages.";
  refresh();
}

document.querySelectorAll(".progress-box").forEach(bringBox);
