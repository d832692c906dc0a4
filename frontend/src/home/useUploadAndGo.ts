/** Uploads files and shows the page where their progress is. */
import { useQueryClient } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { startUpload } from "../api/upload";

/** Uploads files and shows the datasets page, where their progress is. */
export function useUploadAndGo(): (files: File[]) => void {
  const [, navigate] = useLocation();
  const client = useQueryClient();
  return (files) => {
    for (const file of files) {
      startUpload(file, null, ({ dataset }) => {
        void client.invalidateQueries({ queryKey: ["datasets"] });
        if (dataset && files.length === 1 && location.pathname === "/datasets") {
          navigate(`/datasets/${dataset.id}`);
        }
      });
    }
    navigate("/datasets");
  };
}
