let page = "";
let count = "";

/** What the browser's tab says of the page. */
export function titlePage(title: string): void {
  page = title;
  write();
}

/** How many wait, as "3", before the name of the page; none by an empty one. */
export function countInTitle(waiting: string): void {
  count = waiting;
  if (page !== "") write();
}

function write(): void {
  document.title = count === "" ? page : `(${count}) ${page}`;
}
