/** Where the pictures of a dataset are. */

/** The address of an image of a version of a dataset; without one, of the version in use. */
export function imageUrl(datasetId: string, version: number | undefined, index: unknown): string {
  return `/api/datasets/${datasetId}/images/${index}${version ? `?version=${version}` : ""}`;
}
