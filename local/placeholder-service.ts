import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

const renderPage = (authPath: string) => `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your service</title>
</head>
<body>
<main>
<h1>Your service</h1>
<p>Your service would be here. This deployment has no example service: set <code>exampleService</code> in its config to have one.</p>
<ul>
<li><a href="${authPath}/login?return_to=/">Sign in</a></li>
<li><a href="${authPath}/userinfo">See who is signed in</a></li>
<li><a href="${authPath}/logout">Sign out</a></li>
</ul>
</main>
</body>
</html>
`;

/**
 * Responds in place of the service, for deployments without the example service: every path has this page.
 *
 * @param authPath the path of our routes
 */
export function createPlaceholder(authPath: string): RequestListener {
  const page = renderPage(authPath);
  return (_request: IncomingMessage, response: ServerResponse) => {
    response
      .writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        'X-Content-Type-Options': 'nosniff',
      })
      .end(page);
  };
}
