import type { OpenAPIObject } from '@nestjs/swagger';

/** Gives the OpenAPI description of everything served; made when it is first asked for. */
export class OpenApiSource {
  private make: (() => OpenAPIObject) | undefined;
  private made: OpenAPIObject | undefined;

  /** Says how it is made, once the application is there. */
  use(make: () => OpenAPIObject): void {
    this.make = make;
  }

  get document(): OpenAPIObject {
    this.made ??= this.make!();
    return this.made;
  }
}
