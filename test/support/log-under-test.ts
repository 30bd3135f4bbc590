/** Which log the servers of a test write; its jest project chooses (jest.config.mjs). */
export const LOG_UNDER_TEST = (globalThis as { ANNAL_TEST_LOG?: 'kafka' }).ANNAL_TEST_LOG ?? 'postgres';
