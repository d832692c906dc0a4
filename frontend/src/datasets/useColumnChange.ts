/** Changing what the columns of a dataset are taken for. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ColumnPatch, changeDataset } from "../api";

/** Changes columns and shows the dataset as it is then. */
export function useColumnChange(datasetId: string, onChanged?: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (patches: ColumnPatch[]) =>
      changeDataset({ path: { dataset_id: datasetId }, body: { columns: patches } }),
    onSuccess: (changed) => {
      onChanged?.();
      client.setQueryData(["dataset", datasetId], changed);
      return client.invalidateQueries({ queryKey: ["datasets"] });
    },
  });
}
