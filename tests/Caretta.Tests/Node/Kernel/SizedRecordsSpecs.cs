using System.Buffers.Binary;
using Caretta.Node.Kernel;

namespace Caretta.Tests.Node.Kernel;

public class SizedRecordsSpecs
{
    [Theory]
    [InlineData(ProcessRecord.Size)]
    [InlineData(ProcessRecord.Size + 8)]
    public void Records_as_long_as_ours_or_longer_are_read_one_after_the_other(int size)
    {
        var records = new List<ProcessRecord>();
        SizedRecords.Parse([.. Record(size, 7), .. Record(size, 8)], records);

        Assert.Equal([(7UL, 7U), (8UL, 8U)], records.Select(record => (record.CgroupId, record.Pid)));
    }

    [Fact]
    public void What_a_shorter_record_lacks_is_zero()
    {
        var records = new List<ProcessRecord>();
        SizedRecords.Parse(Record(16, 7), records);

        Assert.Equal((7UL, 0U), (records.Single().CgroupId, records.Single().Pid));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(47)]
    public void A_record_that_is_cut_off_is_refused(int length) =>
        Assert.Throws<InvalidDataException>(() => SizedRecords.Parse([.. Record(40, 1), .. length == 0 ? new byte[8] : Record(40, 2)[..length]], new List<ProcessRecord>()));

    /// <summary>Number in the first field, and, if there is room, in the fourth.</summary>
    private static byte[] Record(int size, byte number)
    {
        var record = new byte[8 + size];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)size);
        record[8] = number;
        if (size >= ProcessRecord.Size)
        {
            record[8 + 20] = number;
        }

        return record;
    }
}
