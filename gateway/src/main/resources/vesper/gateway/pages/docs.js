// The page that tries calls: Swagger UI on this gateway's own document, and a button that logs a guest in.
(() => {
  'use strict';
  const LOGIN = '/v1/auth/login';
  const SCHEME = 'token';
  const KEPT = 'vesper-guest';
  const STREAM_MILLIS = '10000';

  const ui = SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#api',
    layout: 'BaseLayout',
    deepLinking: true,
    persistAuthorization: true,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    filter: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    // The answer of a stream is shown when it ends; one without an end is cut.
    requestInterceptor: (request) => {
      const accept = request.headers && (request.headers.Accept || request.headers.accept);
      if (accept === 'text/event-stream' && !request.headers['X-Timeout-Ms']) {
        request.headers['X-Timeout-Ms'] = STREAM_MILLIS;
      }
      return request;
    },
    onComplete: () => {
      const paths = ui.specSelectors.specJson().get('paths');
      document.getElementById('guest').hidden = !(paths && paths.has(LOGIN));
    },
  });

  // What only this browser knows; the gateway keeps a hash of it.
  function device() {
    const kept = localStorage.getItem(KEPT);
    if (kept) {
      return JSON.parse(kept);
    }
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    const made = {
      id: 'docs-' + Array.from(bytes.slice(0, 8), (b) => b.toString(16).padStart(2, '0')).join(''),
      secret: btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))),
    };
    localStorage.setItem(KEPT, JSON.stringify(made));
    return made;
  }

  async function play() {
    const said = document.getElementById('said');
    said.textContent = 'Asking …';
    try {
      const answer = await fetch(LOGIN, {
        method: 'POST',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({device: device(), create: true}),
      });
      const body = await answer.json();
      if (!answer.ok) {
        said.textContent = 'Refused: ' + body.detail;
        return;
      }
      const schema = ui.specSelectors.specJson().getIn(['components', 'securitySchemes', SCHEME]);
      ui.authActions.authorizeWithPersistOption({[SCHEME]: {name: SCHEME, schema, value: body.accessToken}});
      said.textContent = 'Calls from this page carry the token of guest ' + body.accountId + ' until '
        + new Date(body.expiresAt).toLocaleTimeString() + '.';
    } catch (failure) {
      said.textContent = 'The gateway did not answer.';
    }
  }

  document.getElementById('play').addEventListener('click', play);
})();
