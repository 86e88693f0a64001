// The user error that an action ends in; any other error, or none, fails the test.

import { UserError } from '../../host/errors.ts';

export function userErrorOf(action: () => unknown): UserError {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('there was no error');
}

/** The same for what a promise ends in. */
export async function userErrorOfAsync(promise: Promise<unknown>): Promise<UserError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('there was no error');
}
