/** What the file chooser offers; the server looks at the content, not at the name. */
export const ACCEPT = ".csv,.tsv,.txt,.xlsx,.parquet,.zip,.npz";
