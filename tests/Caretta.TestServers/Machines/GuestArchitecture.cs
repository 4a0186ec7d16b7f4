namespace Caretta.TestServers.Machines;

public enum GuestArchitecture
{
    X64,
    Arm64,
}
