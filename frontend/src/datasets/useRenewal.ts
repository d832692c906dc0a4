/** The ways to another version of a dataset, and what all of them have to bring up to date. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { addVersion, type Dataset, deleteVersion, restoreVersion } from "../api";
import { dismissUpload, type ReadingOptions, startUpload } from "../api/upload";
import { toast } from "../ui";

/** The ways to another version of a dataset. */
export function useRenewal(dataset: Dataset) {
  const client = useQueryClient();
  const path = { dataset_id: dataset.id };
  const update = async (changed?: Dataset) => {
    if (changed) client.setQueryData(["dataset", dataset.id], changed);
    await client.invalidateQueries({ queryKey: ["dataset", dataset.id] });
    await client.invalidateQueries({ queryKey: ["datasets"] });
  };
  const told = (changed: Dataset) => {
    if (changed.version !== dataset.version) {
      toast({ title: `Version ${changed.version} is in use`, tone: "ok" });
    }
    return update(changed);
  };
  return {
    /** Sends a file as the next version; without options it is read as the one in use was. */
    replace: (file: File, options: ReadingOptions | null = null) => {
      startUpload(
        file,
        options,
        (upload) => {
          if (!upload.dataset) return;
          dismissUpload(upload.id);
          void told(upload.dataset);
        },
        dataset.id,
      );
    },
    again: useMutation({
      mutationFn: (options: ReadingOptions) =>
        addVersion({
          path,
          // The route takes a form or JSON, which the generated type cannot say.
          body: { options } as never,
          headers: { "Content-Type": "application/json" },
        }),
      onSuccess: told,
    }),
    restore: useMutation({
      mutationFn: (version: number) => restoreVersion({ path: { ...path, version } }),
      onSuccess: told,
    }),
    remove: useMutation({
      mutationFn: (version: number) => deleteVersion({ path: { ...path, version } }),
      onSuccess: () => update(),
    }),
  };
}
