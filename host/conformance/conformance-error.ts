// Why a vector cannot be replayed: it then counts as failed, with this message as its line.

export class ConformanceError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ConformanceError';
  }
}
