import { type DragEvent, type ReactNode, useId, useState } from "react";
import { useTexts } from "../language/language-context.tsx";

interface DropZoneProps {
  readonly title: string;
  readonly words: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly slim?: boolean;
  readonly children?: ReactNode;
}

/** Takes files by dropping or choosing. They are handed to the page; nothing is uploaded. */
export function DropZone({ title, words, onFiles, slim, children }: DropZoneProps) {
  const { text } = useTexts();
  const [over, setOver] = useState(false);
  const id = useId();
  const take = (files: FileList | null | undefined) => {
    if (files && files.length > 0) onFiles([...files]);
  };
  const onDragOver = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    // The site takes what is dropped elsewhere; these files are taken here.
    event.stopPropagation();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the file chooser inside does the same by keyboard
    <div
      className={`drop-zone${over ? " over" : ""}${slim ? " slim" : ""}`}
      onDragOver={onDragOver}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {!slim && <FileMark />}
      <strong id={`${id}-title`}>{title}</strong>
      <p id={`${id}-words`}>{words}</p>
      <input
        id={id}
        type="file"
        multiple
        className="visually-hidden"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-words`}
        onChange={(event) => {
          take(event.target.files);
          // The same file can then be chosen again.
          event.target.value = "";
        }}
      />
      <label htmlFor={id} className={slim ? "button quiet" : "button"}>
        {text("verify.choose")}
      </label>
      {children}
    </div>
  );
}

function FileMark() {
  return (
    <svg
      viewBox="0 0 40 40"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="M10 4h14l7 7v25H10z" />
      <path d="M24 4v7h7" />
      <path d="m15 24 4 4 8-9" strokeLinecap="round" />
    </svg>
  );
}
