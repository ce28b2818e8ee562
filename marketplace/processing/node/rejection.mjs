/** The file's own fault: `code` is one that the Python side knows a sentence for; the message is the technical detail. */
export class Rejection extends Error {
  constructor(code, detail = '') {
    super(detail);
    this.code = code;
  }
}
