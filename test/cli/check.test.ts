import { describe, expect, it } from 'vitest';
import { createFolder } from '../support/createFolder.ts';
import { runCommand } from '../support/runCommand.ts';

const FLAGS = JSON.stringify({
  version: '1',
  flags: {
    sale: {
      name: 'Sale',
      attributes: { percent: { constraints: { type: 'number', maximum: 50 } } },
    },
  },
  values: { sale: { enabled: true, percent: 20 } },
});
const EXPERIMENT = {
  control: { weight: 0, enabled: false },
  treatments: [{ weight: 1, enabled: true, attributeValues: { percent: 30 } }],
  exposurePercentage: 100,
};

describe('react-appconfig check', () => {
  it('passes a folder that AWS would deploy', () => {
    const folder = createFolder({
      'shop:production:flags.json': FLAGS,
      'shop:production:settings.yaml': 'a: 1',
    });
    expect(runCommand('check', folder)).toStrictEqual({
      status: 0,
      stdout: 'valid: shop:production:flags.json\nvalid: shop:production:settings.yaml\n',
      stderr: '',
    });
  });

  it('checks a folder with folders in it', () => {
    const folder = createFolder({ 'shop/production/flags.json': FLAGS });
    expect(runCommand('check', folder).stdout).toBe('valid: shop/production/flags.json\n');
  });

  it('names each file that AWS would refuse, and what to correct', () => {
    const folder = createFolder({
      'shop:production:flags.json': FLAGS.replace('"percent":20', '"percent":90'),
      'shop:staging:flags.json': FLAGS,
      'shop:production:settings.json': '{',
      'shop:production:empty.txt': '',
      'shop:production:large.txt': 'x'.repeat(2 * 1024 * 1024 + 1),
      'readme.txt': 'Read me',
    });
    const { status, stdout, stderr } = runCommand('check', folder);
    expect(status).toBe(1);
    expect(stdout).toMatch(/not valid: shop:production:flags\.json: .*percent/);
    expect(stdout).toMatch(/not valid: shop:production:settings\.json: .*not valid JSON/);
    expect(stdout).toMatch(/not valid: shop:production:empty\.txt: /);
    expect(stdout).toMatch(/not valid: shop:production:large\.txt: /);
    expect(stdout).toContain('\nvalid: shop:staging:flags.json');
    expect(stdout).toContain(
      'ignored: readme.txt: a name is application:environment:profile.json,',
    );
    expect(stderr).toBe('4 of 5 files must be corrected.\n');
  });

  it('finds an experiment on a flag that is not there', () => {
    const withExperiment = (flag: string) =>
      createFolder({
        'shop:production:flags.json': FLAGS,
        'shop:production:flags.experiments.json': JSON.stringify([{ ...EXPERIMENT, flag }]),
      });
    expect(runCommand('check', withExperiment('sale')).stdout).toContain(
      'valid: shop:production:flags.experiments.json',
    );
    const { status, stdout } = runCommand('check', withExperiment('sales'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/not valid: shop:production:flags\.experiments\.json: .*sales/);
  });

  it.each([
    [['check'], /Name one folder/],
    [['check', 'a', 'b'], /Name one folder/],
    [['check', '/no/such/folder'], /cannot be read/],
    [['check', 'src'], /no configuration in src/],
    [['check', '.', '--what'], /Unknown option '--what'/],
  ])('refuses %j with a readable message', (parameters, message) => {
    const { status, stderr } = runCommand(...parameters);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
  });
});
