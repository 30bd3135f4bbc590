import { KafkaJSProtocolError } from 'kafkajs';
import { sendFailure } from './kafka-errors.js';

const said = (type: string): Error => Object.assign(new KafkaJSProtocolError(new Error(type)), { type });

describe('what the error of a request to append means', () => {
  it.each([
    ['NOT_LEADER_FOR_PARTITION', 'unknown'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'unknown'],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'unknown'],
    ['REQUEST_TIMED_OUT', 'unknown'],
    ['NOT_ENOUGH_REPLICAS', 'not-written'],
    ['LEADER_NOT_AVAILABLE', 'not-written'],
    ['MESSAGE_TOO_LARGE', 'too-large'],
    ['TOPIC_AUTHORIZATION_FAILED', 'refused'],
  ])('%s: %s', (type, meaning) => {
    expect(sendFailure(said(type))).toBe(meaning);
  });

  it('of a connection that broke: unknown', () => {
    expect(sendFailure(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))).toBe('unknown');
  });
});
