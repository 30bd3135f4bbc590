/** The part of the package dcmjs that tests use; it comes without types. */
declare module 'dcmjs' {
  interface Element {
    readonly vr: string;
    readonly Value: readonly unknown[];
  }
  const dcmjs: {
    readonly data: {
      readonly DicomMessage: {
        readFile(buffer: ArrayBuffer, options?: object): { readonly dict: Readonly<Record<string, Element>> };
      };
    };
    readonly log: { setLevel(level: string): void };
  };
  export default dcmjs;
}
