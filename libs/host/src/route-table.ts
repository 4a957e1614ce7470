import { Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** One route as the server really has it; parameters are written `:name`, a rest `*`. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
}

/** The routes that the server has, gathered while they are registered: for 405, for OpenAPI and for the tests. */
@Injectable()
export class RouteTable {
  private readonly found: { readonly method: string; readonly path: string; readonly form: RegExp }[] = [];

  /** Gathers what is registered from now on. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', (route) => {
      for (const method of [route.method].flat()) this.add(method, route.url);
    });
  }

  private add(method: string, path: string): void {
    const form = path
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part === '*' ? '.+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('/');
    this.found.push({ method, path, form: new RegExp(`^${form}/?$`) });
  }

  /** Every route once, without the HEAD that goes with each GET. */
  all(): readonly ServedRoute[] {
    return this.found.filter(({ method }) => method !== 'HEAD').map(({ method, path }) => ({ method, path }));
  }

  /** The methods that an address knows; none where it is not known at all. */
  methodsOf(url: string): string[] {
    const path = url.split('?', 1)[0] ?? '/';
    return [...new Set(this.found.filter(({ form }) => form.test(path)).map(({ method }) => method))].sort();
  }
}
