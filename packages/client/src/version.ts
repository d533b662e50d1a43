/** Of all packages of the project together; a test compares it with package.json. */
export const version = "0.1.0";
