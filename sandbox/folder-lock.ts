import { mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

export class FolderInUse extends Error {}

const LOCK = 'process.pid';

/**
 * Takes a folder for this process. One that a killed process left is taken over; one that is in use is refused, by name,
 * before anything in it is read, written or removed.
 */
export const lockFolder = async (folder: string, isAlive = isProcess): Promise<{ readonly free: () => Promise<void> }> => {
  const file = path.join(folder, LOCK);
  await mkdir(folder, { recursive: true });
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner > 0 && owner !== process.pid && isAlive(owner))
    throw new FolderInUse(`${folder} is in use by process ${owner}. Stop it, or choose another folder with --data-dir.`);
  await rm(file, { force: true });
  const handle = await open(file, 'wx').catch((cause) => {
    throw new FolderInUse(`${folder} was taken by another process at this moment.`, { cause });
  });
  await handle.writeFile(String(process.pid));
  await handle.close();
  return { free: () => rm(file, { force: true }) };
};

const isProcess = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
