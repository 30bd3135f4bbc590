/** The page at `/swagger`; its links are relative, so that they hold behind a proxy's prefix. */
export const SWAGGER_PAGE = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Annal: the API</title>
<link rel="stylesheet" href="swagger/swagger-ui.css"><link rel="icon" href="swagger/favicon-32x32.png"></head>
<body><div id="swagger-ui"></div>
<script src="swagger/swagger-ui-bundle.js"></script><script src="swagger/initializer.js"></script></body></html>
`;

/** Starts the page. */
export const SWAGGER_INITIALIZER = `SwaggerUIBundle({ url: 'swagger.json', dom_id: '#swagger-ui', deepLinking: true });
`;
