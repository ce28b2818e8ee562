/**
 * The file's own fault: `code` is one that the Python side knows a sentence for; the message is the technical detail,
 * and `values` fill the gaps of the sentence.
 */
export class Rejection extends Error {
  constructor(code, detail = '', values = {}) {
    super(detail);
    this.code = code;
    this.values = values;
  }
}
