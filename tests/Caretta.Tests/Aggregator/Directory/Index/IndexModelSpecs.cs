using Caretta.Aggregator.Directory.Index;
using Caretta.Aggregator.Directory.Objects;
using Caretta.Messages;
using CsCheck;
using static Caretta.Tests.Aggregator.Directory.Index.ClusterObjects;

namespace Caretta.Tests.Aggregator.Directory.Index;

/// <summary>Whatever is told, the index answers as the slow one does that is easily seen to be right.</summary>
public class IndexModelSpecs
{
    private const int Retention = 60;
    private const int Patience = 5;

    private static readonly IndexSettings Settings = new() { Retention = Second(Retention), OwnerPatience = Second(Patience) };

    private static readonly string[] Addresses = ["10.0.0.1", "10.0.0.2", "fd00::1"];

    private static readonly ObjectKind[] Kinds =
    [
        ObjectKind.Pod, ObjectKind.Node, ObjectKind.Service, ObjectKind.EndpointSlice, ObjectKind.ReplicaSet, ObjectKind.Deployment,
    ];

    private static readonly Gen<ObjectKind> AnyKind = Gen.Int[0, Kinds.Length - 1].Select(i => Kinds[i]);

    private static readonly Subject[] Subjects =
    [
        .. Addresses.Select(address => Subject.Of(Address.Parse(address))),
        .. new[] { "p0", "p1", "p2", "static" }.Select(name => Subject.OfPod(Uid(name))),
    ];

    private static readonly Gen<string[]> SomeAddresses = Gen.Int[0, 7].Select(bits => Addresses.Where((_, i) => (bits >> i & 1) == 1).ToArray());

    private static readonly Gen<ClusterObject> AnyPod = Gen.Select(
        Gen.Int[0, 2], SomeAddresses, Gen.Int[-30, 60], Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 9]).Select(
        (number, addresses, time, owner, finish, oddity) => (ClusterObject)(Pod($"p{number}", time, addresses) with
        {
            Controller = owner switch { 0 => null, 1 => Ref("Rollout", "ro"), 2 => Ref("Node", "n"), _ => Ref("ReplicaSet", $"rs{owner % 2}") },
            FinishedAt = finish == 0 ? Second(time + 10) : null,
            HostNetwork = oddity == 0,
            StaticUid = oddity == 1 ? Uid("static") : null,
        }));

    private static readonly Gen<ClusterObject> AnyController = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Select((number, owner) => (ClusterObject)(number < 2
        ? Controller(ObjectKind.ReplicaSet, $"rs{number}", owner switch { 0 => null, 1 => Ref("Rollout", "ro"), _ => Ref("Deployment", $"d{owner % 2}") })
        : Controller(ObjectKind.Deployment, $"d{number % 2}")));

    private static readonly Gen<ClusterObject> AnyOther = Gen.Select(Gen.Int[0, 3], SomeAddresses, Gen.Int[0, 1]).Select(
        (which, addresses, service) => (ClusterObject)(which switch
        {
            0 => NodeNamed("n", addresses),
            1 => Endpoints("e", $"by-hand{service}", addresses),
            _ => Service($"s{which % 2}", 20 * service, addresses),
        }));

    private static readonly Gen<ClusterObject> AnyObject = Gen.Frequency((4, AnyPod), (2, AnyController), (2, AnyOther));

    private static readonly Gen<Step> AnyStep = Gen.Frequency(
        (10, AnyObject.Select(told => new Step(told.ToString(), both => both.Put(told)))),
        (5, AnyObject.Select(told => new Step($"Delete {told.Kind} {told.Name}", both => both.Delete(told.Kind, told.Uid)))),
        (2, AnyKind.Select(kind => new Step($"EndList {kind}", both => both.EndList(kind)))),
        (2, Gen.Select(AnyKind, Gen.Bool).Select((kind, missed) => new Step($"BeginList {kind} {missed}", both => both.BeginList(kind, missed)))),
        (1, AnyKind.Select(kind => new Step($"Forbid {kind}", both => both.Forbid(kind)))),
        (1, AnyKind.Select(kind => new Step($"Allow {kind}", both => both.Allow(kind)))),
        (2, Gen.Const(new Step("Expire", both => both.Expire()))));

    private static readonly Gen<(int Wait, Step Step)> AnyWaitAndStep = Gen.Select(Gen.Frequency((6, Gen.Int[0, 4]), (1, Gen.Int[5, 40])), AnyStep);

    [Fact]
    public void The_index_answers_as_its_description_does() => Gen.Select(AnyWaitAndStep.Array[1, 50], Gen.Bool).Sample(
        (steps, listed) =>
        {
            var both = new SideBySide(Settings, Retention, Patience);
            Array.ForEach(listed ? Kinds : [], both.List);
            foreach (var (wait, step) in steps)
            {
                both.Wait(wait);
                step.Do(both);
                both.Compare(Subjects);
            }
        },
        iter: 500,
        print: Print);

    [Fact]
    public void Whoever_drains_the_changes_knows_all_answers() => Gen.Select(AnyWaitAndStep.Array[1, 50], Gen.Bool).Sample(
        (steps, listed) =>
        {
            var both = new SideBySide(Settings, Retention, Patience);
            Array.ForEach(listed ? Kinds : [], both.List);
            foreach (var (wait, step) in steps)
            {
                both.Wait(wait);
                both.ExpectChanges(Subjects, () => step.Do(both));
            }
        },
        iter: 500,
        print: Print);

    private static string Print(((int Wait, Step Step)[] Steps, bool Listed) run) =>
        $"{(run.Listed ? "all listed" : "nothing listed")}\n{string.Join('\n', run.Steps.Select(step => $"+{step.Wait} {step.Step}"))}";

    /// <param name="What">For whoever reads of a failure.</param>
    private sealed record Step(string What, Action<SideBySide> Do)
    {
        public override string ToString() => What;
    }
}
