/* What a reader has answered, kept in this browser and nowhere else.

   One entry of localStorage for each page: {name of the question: record}. A record says what was
   asked and given, whether that was right, and right at the first try. Where a browser keeps
   nothing (a private window, storage switched off), answers live until the page is left. */

const courseProgress = (() => {
  const PREFIX = "coursepkg-book:";
  const FORMAT = "coursepkg-progress-1";
  const KINDS = ["predict", "quiz", "answer"];
  const LONGEST = 200;
  const spare = new Map();

  const storage = (() => {
    try {
      localStorage.setItem(`${PREFIX}?`, "1");
      localStorage.removeItem(`${PREFIX}?`);
      return localStorage;
    } catch {
      return null;
    }
  })();

  const keys = () =>
    (storage ? Object.keys(storage) : [...spare.keys()]).filter((key) => key.startsWith(PREFIX));
  const load = (key) => (storage ? storage.getItem(key) : spare.get(key)) ?? "{}";

  function save(key, text) {
    try {
      if (storage) storage.setItem(key, text);
      else spare.set(key, text);
    } catch {
      spare.set(key, text); // full: the answer is on the page, it will not come back
    }
  }

  const isText = (value) => typeof value === "string" && value.length <= LONGEST;

  function isRecord(record) {
    return (
      KINDS.includes(record?.kind) &&
      [record.asked, record.given, record.said].every(isText) &&
      [record.right, record.first].every((value) => typeof value === "boolean") &&
      Number.isInteger(record.tries) &&
      record.tries > 0 &&
      isText(record.when) &&
      !Number.isNaN(Date.parse(record.when))
    );
  }

  const isPage = (records) =>
    records !== null && typeof records === "object" && Object.values(records).every(isRecord);

  /* What stands in storage may come from anywhere; what is not sound counts as nothing. */
  function read(page) {
    try {
      const records = JSON.parse(load(PREFIX + page));
      return isPage(records) ? records : {};
    } catch {
      return {};
    }
  }

  const shorten = (text) => text.replace(/\s+/g, " ").trim().slice(0, LONGEST);

  /* answer: {kind, asked, given, said, right}; the same answer again is not another try. */
  function keep(page, name, answer) {
    const records = read(page);
    const before = records[name];
    const again = before && before.given === answer.given;
    records[name] = {
      ...answer,
      asked: shorten(answer.asked),
      given: shorten(answer.given),
      said: shorten(answer.said),
      right: answer.right || Boolean(before?.right),
      first: before ? before.first : answer.right,
      tries: (before?.tries ?? 0) + (again ? 0 : 1),
      when: new Date().toISOString(),
    };
    save(PREFIX + page, JSON.stringify(records));
  }

  function pages() {
    const names = keys().map((key) => key.slice(PREFIX.length));
    return Object.fromEntries(names.sort().map((name) => [name, read(name)]));
  }

  const toFile = () =>
    JSON.stringify({ format: FORMAT, saved: new Date().toISOString(), pages: pages() }, null, 1);

  /* Takes what toFile wrote; where both know a question, the later answer stays. */
  function fromFile(text) {
    const found = JSON.parse(text);
    if (found?.format !== FORMAT || !Object.values(found.pages ?? [null]).every(isPage))
      throw new Error("not a file of this book");
    for (const [page, records] of Object.entries(found.pages)) {
      const here = read(page);
      for (const [name, record] of Object.entries(records))
        if (!(here[name]?.when >= record.when)) here[name] = record;
      save(PREFIX + page, JSON.stringify(here));
    }
  }

  function erase() {
    for (const key of keys()) storage ? storage.removeItem(key) : spare.delete(key);
    spare.clear();
  }

  const day = (when) =>
    new Date(when).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" });

  return { keeps: storage !== null, read, keep, pages, toFile, fromFile, erase, day };
})();
