using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Caretta.EndToEnd.Tests.Hosts;
using Caretta.Node.Kernel;

namespace Caretta.EndToEnd.Tests.Kernel;

/// <summary>The contract in caretta.h: the compiled programs and the agent agree on every field, its place and its width.</summary>
public sealed class FlowRecordLayoutSpecs
{
    private const string Tracing = "caretta.bpf.o";
    private const string Kprobe = "kprobe.bpf.o";

    private static readonly Dictionary<string, Lazy<BpfTypes>> Compiled =
        new[] { Tracing, Kprobe }.ToDictionary(name => name, name => new Lazy<BpfTypes>(() => BpfTypes.OfTheBuiltIn(name)));

    [PrivilegedTheory]
    [InlineData(Tracing, "flow_key", typeof(FlowKey))]
    [InlineData(Tracing, "flow", typeof(FlowValue))]
    [InlineData(Tracing, "socket_account", typeof(SocketAccount))]
    [InlineData(Tracing, "control", typeof(Control))]
    [InlineData(Tracing, "process", typeof(ProcessRecord))]
    [InlineData(Kprobe, "flow_key", typeof(FlowKey))]
    [InlineData(Kprobe, "flow", typeof(FlowValue))]
    [InlineData(Kprobe, "socket_account", typeof(SocketAccount))]
    [InlineData(Kprobe, "control", typeof(Control))]
    [InlineData(Kprobe, "process", typeof(ProcessRecord))]
    [InlineData(Kprobe, "live", typeof(LiveSocket))]
    [InlineData(Kprobe, "tracked", typeof(TrackedSocket))]
    public void A_record_has_the_same_fields_in_the_same_places_on_both_sides(string programs, string compiled, Type managed)
    {
        var type = Compiled[programs].Value.Struct(compiled);
        Assert.Equal(type.Size, SizeOf(managed));
        Assert.Equal(type.Fields.Where(IsMeant), Fields(managed).Where(IsMeant));
    }

    [PrivilegedTheory]
    [InlineData(Tracing)]
    [InlineData(Kprobe)]
    public void The_agent_knows_every_counter_of_the_programs(string programs) =>
        Assert.Equal((int)KernelCounter.Count, Compiled[programs].Value.MaxEntries("counters"));

    private static bool IsMeant(RecordField field) =>
        !field.Name.StartsWith("pad", StringComparison.Ordinal) && !field.Name.StartsWith("reserved", StringComparison.Ordinal);

    /// <summary>Every byte of the record holds its own offset: a field's first byte then says where it lies.</summary>
    private static IEnumerable<RecordField> Fields(Type managed)
    {
        var bytes = Enumerable.Range(0, SizeOf(managed)).Select(offset => (byte)offset).ToArray();
        var record = Generic(nameof(Read), managed, bytes);
        return managed.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => new RecordField(
                CompiledName(field.Name),
                (byte)Generic(nameof(FirstByte), field.FieldType, field.GetValue(record)!),
                SizeOf(field.FieldType)))
            .OrderBy(field => field.Offset);
    }

    /// <summary><c>_localIp</c> and <c>LocalIp</c>, also of a property, are <c>local_ip</c>.</summary>
    private static string CompiledName(string managed)
    {
        var name = managed.Replace("k__BackingField", "", StringComparison.Ordinal).Trim('_', '<', '>');
        name = name.Replace("Microseconds", "Us", StringComparison.Ordinal);
        return string.Concat(name.Select((c, i) => (char.IsUpper(c) && i > 0 ? "_" : "") + char.ToLowerInvariant(c)));
    }

    private static int SizeOf(Type type) => (int)Generic(nameof(Size), type, null);

    private static object Generic(string method, Type type, object? argument) =>
        typeof(FlowRecordLayoutSpecs).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(type)
            .Invoke(null, argument is null ? [] : [argument])!;

    private static int Size<T>() => Unsafe.SizeOf<T>();

    private static object Read<T>(byte[] bytes)
        where T : struct => MemoryMarshal.Read<T>(bytes);

    private static byte FirstByte<T>(object field)
        where T : struct => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref Unsafe.Unbox<T>(field)))[0];

    private sealed record RecordField(string Name, int Offset, int Size);

    private sealed record RecordType(int Size, IEnumerable<RecordField> Fields);

    /// <summary>The types an eBPF object carries with it (BTF).</summary>
    private sealed class BpfTypes(IReadOnlyDictionary<int, JsonElement> types)
    {
        private const int PointerSize = 8;

        public static BpfTypes OfTheBuiltIn(string programs)
        {
            var file = Path.GetTempFileName();
            try
            {
                using (var compiled = typeof(FlowKey).Assembly.GetManifestResourceStream(programs)!)
                using (var copy = File.Create(file))
                {
                    compiled.CopyTo(copy);
                }

                using var json = JsonDocument.Parse(Command.Run("bpftool", "--json", "btf", "dump", "file", file));
                var types = json.RootElement.GetProperty("types").EnumerateArray();
                return new BpfTypes(types.ToDictionary(type => Number(type, "id"), type => type.Clone()));
            }
            finally
            {
                File.Delete(file);
            }
        }

        public RecordType Struct(string name)
        {
            var type = Named("STRUCT", name);
            return new RecordType(
                Number(type, "size"),
                Members(type).Select(member => new RecordField(
                    Name(member),
                    Number(member, "bits_offset") / 8,
                    SizeOf(types[Number(member, "type_id")]))));
        }

        /// <summary>Of a table: its definition is a struct whose members' types say what it is like.</summary>
        public int MaxEntries(string table)
        {
            var definition = types[Number(Named("VAR", table), "type_id")];
            var pointer = types[Number(Members(definition).Single(member => Name(member) == "max_entries"), "type_id")];
            return Number(types[Number(pointer, "type_id")], "nr_elems");
        }

        private static JsonElement.ArrayEnumerator Members(JsonElement type) => type.GetProperty("members").EnumerateArray();

        private static string Name(JsonElement type) => type.GetProperty("name").GetString()!;

        private static int Number(JsonElement type, string property) => type.GetProperty(property).GetInt32();

        private JsonElement Named(string kind, string name) =>
            types.Values.Single(type => type.GetProperty("kind").GetString() == kind && Name(type) == name);

        private int SizeOf(JsonElement type) => type.GetProperty("kind").GetString() switch
        {
            "ARRAY" => Number(type, "nr_elems") * SizeOf(types[Number(type, "type_id")]),
            "PTR" => PointerSize,
            "TYPEDEF" or "CONST" or "VOLATILE" => SizeOf(types[Number(type, "type_id")]),
            _ => Number(type, "size"),
        };
    }
}
