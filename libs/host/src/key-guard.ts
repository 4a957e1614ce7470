import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { controllerId, subjectRef } from '#ledger';
import { AccessKeys, type AccessKey } from '#store';
import { Controllers } from './controllers.js';
import { NEEDS, RIGHTS_OF_ROLES, type Need } from './may.js';
import { Problem } from './problem.js';

const keys = new WeakMap<FastifyRequest, AccessKey>();

/** The key that a request came with; the guard has put it there. */
export function keyOf(request: FastifyRequest): AccessKey {
  const key = keys.get(request);
  if (!key) throw new Problem('unauthorised');
  return key;
}

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]{1,256}=*)$/i;

/**
 * Denies by default. A route without a declared need is refused to all; then in this order: no key or a wrong one 401, an
 * address of an unknown controller 404, a role without the right 403, another controller's subject or another subject 404
 * as if there were none, another controller 403, and so a route of no controller for a key that is not for all of them.
 */
@Injectable()
export class KeyGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accessKeys: AccessKeys,
    private readonly controllers: Controllers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const need = this.reflector.getAllAndOverride<Need | undefined>(NEEDS, [context.getHandler(), context.getClass()]);
    if (need === 'open') return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const key = await this.authenticate(request);
    const { controller, subject } = request.params as { controller?: string; subject?: string };
    if (controller !== undefined) {
      const id = controllerId(controller);
      if (id === undefined || !this.controllers.has(id)) throw new Problem('not-found');
    }
    const roles: readonly string[] = need === undefined ? [] : RIGHTS_OF_ROLES[need];
    if (!roles.includes(key.role)) throw new Problem('forbidden');
    this.checkReach(key, controller, subject);
    keys.set(request, key);
    return true;
  }

  private async authenticate(request: FastifyRequest): Promise<AccessKey> {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const key = secret === undefined ? undefined : await this.accessKeys.check(secret);
    if (!key) throw new Problem('unauthorised', {}, { 'www-authenticate': 'Bearer' });
    return key;
  }

  private checkReach(key: AccessKey, controller: string | undefined, subject: string | undefined): void {
    const otherController = controller !== undefined && key.controller !== '*' && key.controller !== controller;
    // What is of no controller (figures, the clock) is of all of them.
    const ofAll = controller === undefined && key.controller !== '*';
    if (subject === undefined) {
      if (otherController || ofAll) throw new Problem('forbidden');
      return;
    }
    const otherSubject = key.role === 'subject' && key.subject !== subject;
    if (otherController || otherSubject || subjectRef(subject) === undefined) throw new Problem('not-found');
  }
}
