using System.Runtime.InteropServices;

namespace Caretta.Node.Kernel;

/// <summary>The part of libbpf's C API we use, declared as its headers have it. Lists of errors are in bpf/libbpf.h and bpf(2).</summary>
internal static partial class Libbpf
{
    private const string Library = "libbpf.so.1";

    /// <summary>Called by libbpf for each line it logs; <paramref name="arguments"/> is a C va_list.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int PrintFunction(int level, nint format, nint arguments);

    [LibraryImport(Library, EntryPoint = "libbpf_major_version")]
    public static partial uint MajorVersion();

    [LibraryImport(Library, EntryPoint = "libbpf_set_print")]
    public static partial nint SetPrint(PrintFunction? print);

    /// <summary>Null with errno set on error. Does not keep <paramref name="image"/>.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    public static partial BpfObjectHandle ObjectOpen(ReadOnlySpan<byte> image, nuint size, in OpenOptions options);

    /// <summary>0 or -errno, as every int-returning call since libbpf 1.0.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__load")]
    public static partial int ObjectLoad(BpfObjectHandle obj);

    [LibraryImport(Library, EntryPoint = "bpf_object__close")]
    public static partial void ObjectClose(nint obj);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_map_by_name", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial nint FindMap(BpfObjectHandle obj, string name);

    [LibraryImport(Library, EntryPoint = "bpf_object__find_program_by_name", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial nint FindProgram(BpfObjectHandle obj, string name);

    /// <summary>The first for null, null after the last.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_object__next_program")]
    public static partial nint NextProgram(BpfObjectHandle obj, nint program);

    public static IEnumerable<nint> ProgramsOf(BpfObjectHandle obj)
    {
        for (var program = NextProgram(obj, 0); program != 0; program = NextProgram(obj, program))
        {
            yield return program;
        }
    }

    [LibraryImport(Library, EntryPoint = "bpf_program__set_autoload")]
    public static partial int SetAutoLoad(nint program, [MarshalAs(UnmanagedType.U1)] bool load);

    [LibraryImport(Library, EntryPoint = "bpf_map__set_max_entries")]
    public static partial int MapSetMaxEntries(nint map, uint maxEntries);

    [LibraryImport(Library, EntryPoint = "bpf_map__reuse_fd")]
    public static partial int MapReuse(nint map, SafeHandle fd);

    [LibraryImport(Library, EntryPoint = "bpf_map__fd")]
    public static partial int MapFd(nint map);

    [LibraryImport(Library, EntryPoint = "bpf_map__pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MapPin(nint map, string path);

    /// <summary>Null with errno set on error.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_program__attach", SetLastError = true)]
    public static partial BpfLinkHandle Attach(nint program);

    /// <summary>Null with errno set on error.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_program__attach_iter", SetLastError = true)]
    public static partial BpfLinkHandle AttachIterator(nint program, in IteratorOptions options);

    [LibraryImport(Library, EntryPoint = "bpf_link__pin", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LinkPin(BpfLinkHandle link, string path);

    [LibraryImport(Library, EntryPoint = "bpf_link__destroy")]
    public static partial int LinkDestroy(nint link);

    /// <summary>-1 with errno set on error, like the three below.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_obj_get", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ObjectGet(string path);

    /// <summary>Fills <paramref name="info"/>; in and out, <paramref name="size"/> is its length.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_obj_get_info_by_fd")]
    public static partial int ObjectInfo(SafeHandle fd, Span<byte> info, ref uint size);

    [LibraryImport(Library, EntryPoint = "bpf_map_lookup_elem")]
    public static partial int MapLookup(SafeHandle fd, ReadOnlySpan<byte> key, Span<byte> value);

    [LibraryImport(Library, EntryPoint = "bpf_map_update_elem")]
    public static partial int MapUpdate(SafeHandle fd, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags);

    /// <summary>For the first key, <paramref name="none"/> is null.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int MapFirstKey(SafeHandle fd, nint none, Span<byte> next);

    [LibraryImport(Library, EntryPoint = "bpf_map_get_next_key")]
    public static partial int MapNextKey(SafeHandle fd, ReadOnlySpan<byte> key, Span<byte> next);

    [LibraryImport(Library, EntryPoint = "bpf_map_delete_elem")]
    public static partial int MapDelete(SafeHandle fd, ReadOnlySpan<byte> key);

    /// <summary>The running kernel's types; null if it does not tell them.</summary>
    [LibraryImport(Library, EntryPoint = "btf__load_vmlinux_btf")]
    public static partial nint LoadKernelTypes();

    /// <summary>Null is fine.</summary>
    [LibraryImport(Library, EntryPoint = "btf__free")]
    public static partial void FreeTypes(nint types);

    /// <summary>Its number, or -errno.</summary>
    [LibraryImport(Library, EntryPoint = "btf__find_by_name_kind", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int FindType(nint types, string name, uint kind);

    /// <summary>A file descriptor, or -errno.</summary>
    [LibraryImport(Library, EntryPoint = "bpf_prog_load", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int LoadProgram(int type, string name, string license, ReadOnlySpan<byte> instructions, nuint count, nint options);

    /// <summary><c>struct bpf_object_open_opts</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenOptions
    {
        public nuint Size;
        public nint ObjectName;
        public nuint RelaxedMaps;
        public nint PinRootPath;
        public ulong Unused;
        public nint KernelConfig;
        public nint BtfPath; // btf_custom_path, which libbpf copies
        public nint KernelLog;
        public nuint KernelLogSize;
        public ulong KernelLogLevel;
    }

    /// <summary><c>struct bpf_iter_attach_opts</c>, with the map its programs go over.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct IteratorOptions
    {
        public nuint Size;
        public nint LinkInfo; // union bpf_iter_link_info *
        public uint LinkInfoLength;
    }
}
