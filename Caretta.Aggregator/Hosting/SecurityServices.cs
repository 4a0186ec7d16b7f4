using Caretta.Aggregator.Cluster.Renewal;
using Caretta.Aggregator.Operation;
using Caretta.Aggregator.Security;
using Caretta.Aggregator.Security.Http;
using Caretta.Messages.Tls;
using Prometheus;

namespace Caretta.Aggregator.Hosting;

/// <summary>The security's part of the process.</summary>
internal static class SecurityServices
{
    /// <exception cref="StartRefusedException">A file cannot be used.</exception>
    public static void AddSecurity(this IServiceCollection services, AggregatorOptions options)
    {
        services.AddSingleton(provider => new SecurityMetrics(Metrics.WithCustomRegistry(provider.GetRequiredService<CollectorRegistry>())));
        services.AddSingleton(HttpCredentials.Load(options));
        services.AddSingleton<PasswordChecks>();
        services.AddSingleton<HttpGuard>();
        services.AddSingleton<OperatorProof>();
        services.AddSingleton<ReloadLog>();
        services.AddHostedService<ReloadService>();
        if (options.Security == SecurityMode.Off)
        {
            services.AddSingleton<INodeProofs, NoProofs>();
            return;
        }

        services.AddSingleton(Credentials.Load(options, TimeProvider.System));
        services.AddSingleton<INodeProofs, TlsProofs>();
        services.AddSingleton<ServerTls>();
        services.AddSingleton<MemberTls>();
        services.AddSingleton<IShownCertificate>(provider => provider.GetRequiredService<MemberTls>());
        if (options.AgentServiceAccount.Length > 0)
        {
            services.AddSingleton(new TokenRules(options.TokenAudience, options.AgentServiceAccount));
            services.AddSingleton<TokenReviews>();
        }
    }
}
