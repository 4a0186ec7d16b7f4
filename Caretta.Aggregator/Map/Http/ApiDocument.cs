using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Caretta.Aggregator.Map.Http;

/// <summary>What the OpenAPI document says beyond the types of the answers.</summary>
internal static class ApiDocument
{
    public static void Configure(OpenApiOptions document)
    {
        document.AddOperationTransformer((operation, context, _) =>
        {
            operation.Parameters ??= [];
            foreach (var parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<IReadOnlyList<Parameter>>().SelectMany(all => all))
            {
                operation.Parameters.Add(Describe(parameter));
            }

            return Task.CompletedTask;
        });
        document.AddDocumentTransformer((whole, _, _) =>
        {
            whole.Info.Title = "Caretta: the service map";
            whole.Info.Version = "1";
            whole.Info.Description = "Cluster-wide from any member. Ids and totals are as on /metrics. Rates are taken over the last 15 to 20 seconds.";
            whole.Servers = [];
            return Task.CompletedTask;
        });
    }

    private static OpenApiParameter Describe(Parameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Description,
        Schema = Schema(parameter),
        Explode = parameter.Kind == ParameterKind.List,
    };

    private static OpenApiSchema Schema(Parameter parameter) => parameter.Kind switch
    {
        ParameterKind.Whole => new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = Number(parameter.Least),
            Maximum = Number(parameter.Most),
            Default = JsonValue.Create((int)parameter.Default!),
        },
        ParameterKind.Number => new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = Number(parameter.Least), Maximum = Number(parameter.Most) },
        ParameterKind.Choice => new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. parameter.Choices.Select(choice => (JsonNode)JsonValue.Create(choice))] },
        ParameterKind.List => new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String },
            MaxItems = parameter.MostItems,
        },
        _ => new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static string Number(double number) => number.ToString(CultureInfo.InvariantCulture);
}
