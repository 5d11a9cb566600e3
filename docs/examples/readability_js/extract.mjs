// Mozilla Readability as an extractor: one request a line on stdin, one answer a line on stdout.
import { createInterface } from "node:readline";
import { Readability } from "@mozilla/readability";
import { parseHTML } from "linkedom";

// Standard output is for answers; whatever a library prints goes to standard error.
console.log = console.info = console.debug = console.error;

function extract({ html }) {
  const { document } = parseHTML(html);
  // Plain text and JSON make a document without elements, which Readability refuses.
  const article = document.documentElement && new Readability(document).parse();
  if (!article) return { title: null, byline: null, published: null, body: [] };
  return {
    title: article.title || null,
    byline: article.byline || null,
    published: article.publishedTime || null,
    // The harness reads markup as a reader does.
    body: { $html: article.content },
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  const answer = { id: request.id };
  try {
    answer.record = extract(request);
  } catch (error) {
    answer.error = { type: error.name, message: error.message, traceback: error.stack };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
