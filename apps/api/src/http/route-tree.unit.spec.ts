import { RouteTree } from './route-tree.js';

function tree(): RouteTree {
  const routes = new RouteTree();
  for (const line of [
    'GET /',
    'GET /a/:id',
    'DELETE /a/:id',
    'GET /a/:id/x',
    'GET /a/:id/c/y',
    'POST /a/special',
    'PUT /a/special',
    'PUT /files/*',
  ]) {
    const [method = '', pattern = ''] = line.split(' ');
    routes.add(method, pattern);
  }
  return routes;
}

describe('RouteTree', () => {
  it('tells the methods of a path in the order of Orthanc', () => {
    expect(tree().find('/a/1')?.methods).toEqual(['GET', 'DELETE']);
    expect(tree().find('/a/special')?.methods).toEqual(['GET', 'POST', 'PUT', 'DELETE']);
    expect(tree().find('/files/1/2')?.methods).toEqual(['PUT']);
    expect(tree().find('/')?.methods).toEqual(['GET']);
  });

  it('lists what is below a path that only leads on', () => {
    expect(tree().find('/a/1/c')).toEqual({ methods: [], children: ['y'] });
  });

  it('does not know other paths, nor names of objects', () => {
    for (const path of ['/nope', '/a/1/x/y', '/__proto__', '/constructor']) expect(tree().find(path)).toBeUndefined();
  });
});
