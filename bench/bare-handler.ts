/**
 * The yardstick: the least that a Node HTTPS server can do with a renewal. It parses the body, counts a version up and answers
 * with the object; it stores nothing and checks nothing. Started by main.ts with the paths of a certificate and its key.
 */
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

const [cert = "", key = ""] = process.argv.slice(2);
let version = 1;

const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const object = JSON.parse(Buffer.concat(pieces).toString()) as Versioned;
    version += 1;
    object.metadata.resourceVersion = String(version);
    const body = JSON.stringify(object);
    response.writeHead(200, {
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
    });
    response.end(body);
  });
});

server.listen(0, "127.0.0.1", () => {
  console.log(`bare handler is ready at https://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit(0));

/** As much of an object as is looked at. */
interface Versioned {
  readonly metadata: { resourceVersion?: string };
}
