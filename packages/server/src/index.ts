export { type Clock, systemClock, type Timer } from "./clock.ts";
export { type Config, type LogLevel, type Setting, settings } from "./config.ts";
export { createLog, type Log, type LogFields, silentLog } from "./log.ts";
export { describeSettings, type ParsedConfig, parseConfig } from "./parse-config.ts";
export { type Random, systemRandom } from "./random.ts";
export { createServer, type RunningServer, type ServerParts } from "./server.ts";
export { StartError } from "./start-error.ts";
