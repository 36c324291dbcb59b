import type * as Ec2 from '@aws-sdk/client-ec2';

/**
 * A small catalogue of instance types, with what responders ask of them: Nitro or not (`GetConsoleOutput` with `Latest`),
 * disks that are lost with the instance, and size. https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
type Family = {
  readonly hypervisor: 'nitro' | 'xen';
  readonly architecture: 'x86_64' | 'arm64';
  readonly currentGeneration: boolean;
  readonly burstable?: true;
  /** size → [vCPU, memory GiB, disks of so many GB each] */
  readonly sizes: Readonly<Record<string, readonly [vcpu: number, memoryGib: number, disks?: readonly number[]]>>;
};

const t = { nano: [2, 0.5], micro: [2, 1], small: [2, 2], medium: [2, 4], large: [2, 8], xlarge: [4, 16] } as const;
const general = { large: [2, 8], xlarge: [4, 16], '2xlarge': [8, 32], '4xlarge': [16, 64] } as const;
const compute = { large: [2, 4], xlarge: [4, 8], '2xlarge': [8, 16], '4xlarge': [16, 32] } as const;
const memory = { large: [2, 16], xlarge: [4, 32], '2xlarge': [8, 64], '4xlarge': [16, 128] } as const;

const nitro = { hypervisor: 'nitro', architecture: 'x86_64', currentGeneration: true } as const;
const graviton = { hypervisor: 'nitro', architecture: 'arm64', currentGeneration: true } as const;
const xen = { hypervisor: 'xen', architecture: 'x86_64', currentGeneration: true } as const;

const FAMILIES: Readonly<Record<string, Family>> = {
  c5: { ...nitro, sizes: compute },
  c6i: { ...nitro, sizes: compute },
  c7g: { ...graviton, sizes: compute },
  i3: { ...xen, sizes: { large: [2, 15.25, [475]], xlarge: [4, 30.5, [950]], '2xlarge': [8, 61, [1900]] } },
  i4i: { ...nitro, sizes: { large: [2, 16, [468]], xlarge: [4, 32, [937]], '2xlarge': [8, 64, [1875]] } },
  m4: { ...xen, sizes: general },
  m5: { ...nitro, sizes: general },
  m5d: { ...nitro, sizes: { large: [2, 8, [75]], xlarge: [4, 16, [150]], '2xlarge': [8, 32, [300]] } },
  m6i: { ...nitro, sizes: general },
  m7g: { ...graviton, sizes: general },
  r5: { ...nitro, sizes: memory },
  r6g: { ...graviton, sizes: memory },
  t2: { ...xen, burstable: true, sizes: { ...t, nano: [1, 0.5], micro: [1, 1], small: [1, 2] } },
  t3: { ...nitro, burstable: true, sizes: t },
  t3a: { ...nitro, burstable: true, sizes: t },
  t4g: { ...graviton, burstable: true, sizes: t },
};

const MIB_PER_GIB = 1_024;

const storageOf = (disks: readonly number[]): Pick<Ec2.InstanceTypeInfo, 'InstanceStorageSupported' | 'InstanceStorageInfo'> =>
  disks.length === 0
    ? { InstanceStorageSupported: false }
    : {
        InstanceStorageSupported: true,
        InstanceStorageInfo: {
          TotalSizeInGB: disks.reduce((sum, size) => sum + size, 0),
          Disks: disks.map((SizeInGB) => ({ SizeInGB, Count: 1, Type: 'ssd' })),
          NvmeSupport: 'required',
          EncryptionSupport: 'required',
        },
      };

const describeType = (name: string, family: Family, size: string): Ec2.InstanceTypeInfo => {
  const [vcpu, memoryGib, disks = []] = family.sizes[size]!;
  return {
    InstanceType: `${name}.${size}` as Ec2._InstanceType,
    CurrentGeneration: family.currentGeneration,
    FreeTierEligible: name === 't2' && size === 'micro',
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: ['ebs'],
    SupportedVirtualizationTypes: ['hvm'],
    BareMetal: false,
    Hypervisor: family.hypervisor,
    ProcessorInfo: { SupportedArchitectures: [family.architecture] },
    VCpuInfo: { DefaultVCpus: vcpu },
    MemoryInfo: { SizeInMiB: memoryGib * MIB_PER_GIB },
    ...storageOf(disks),
    BurstablePerformanceSupported: family.burstable ?? false,
    AutoRecoverySupported: disks.length === 0,
    SupportedBootModes: ['legacy-bios', 'uefi'],
  };
};

export const instanceTypes: readonly Ec2.InstanceTypeInfo[] = Object.entries(FAMILIES).flatMap(([name, family]) =>
  Object.keys(family.sizes).map((size) => describeType(name, family, size)),
);

export const instanceTypeNames: readonly string[] = instanceTypes.map(({ InstanceType = '' }) => InstanceType);

/** Types that the catalogue does not have are taken for Nitro ones: all recent ones are. */
export const isNitro = (type: string): boolean => FAMILIES[type.split('.')[0] ?? '']?.hypervisor !== 'xen';
