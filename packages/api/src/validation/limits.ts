/** The bounds that Kubernetes sets on what an object may say. Clients know them, so they are not ours to choose. */
export const validationLimits = {
  /** A DNS name, RFC 1123. */
  subdomainBytesMax: 253,
  /** One label of a DNS name; also the length of label values and of the name part of label keys. */
  labelBytesMax: 63,
  /** Keys and values of all annotations of an object together. */
  annotationsBytesMax: 256 * 1024,
  /** A manager's name in managed fields, and the `fieldManager` parameter. */
  fieldManagerBytesMax: 128,
  /** A subresource's name in managed fields. */
  subresourceBytesMax: 256,
} as const;
